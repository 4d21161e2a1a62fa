// An act that runs one at a time, and once more when it was asked for meanwhile: what it read may be older than that. Pure.

export interface Again {
  /** Runs the act; while it runs, notes that it is wanted again. */
  run: () => Promise<void>;
  /** Lets go of what runs: it is not repeated, and holds up nothing. */
  reset: () => void;
}

export function again(act: () => Promise<void>): Again {
  let running: { wanted: boolean } | undefined;
  return {
    async run() {
      if (running) {
        running.wanted = true;
        return;
      }
      const mine = { wanted: true };
      running = mine;
      try {
        while (mine.wanted && running === mine) {
          mine.wanted = false;
          await act();
        }
      } finally {
        if (running === mine) {
          running = undefined;
        }
      }
    },
    reset() {
      running = undefined;
    },
  };
}
