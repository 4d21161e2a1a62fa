// Runs an act one at a time, and once more when it was asked for meanwhile: what it read may be older than that.
import { sameSession } from '../perSession';

interface Again {
  /** Runs the act; while it runs, notes that it is wanted again. */
  run: () => Promise<void>;
}

/** Make one for each session: what still runs for the session before is not repeated. */
export function again(act: () => Promise<void>): Again {
  let running = false;
  let wanted = false;
  return {
    async run() {
      wanted = true;
      if (running) {
        return;
      }
      const current = sameSession();
      running = true;
      try {
        while (wanted && current()) {
          wanted = false;
          await act();
        }
      } finally {
        running = false;
      }
    },
  };
}
