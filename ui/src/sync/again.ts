// Runs an act one at a time. If asked meanwhile, runs it once more, because it may have read older data.
import { sameSession } from '../perSession';

interface Again {
  /** Runs the act. While it runs, only notes that it is wanted again. */
  run: () => Promise<void>;
}

/** Make one per session. An act that still runs for an ended session is not repeated. */
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
