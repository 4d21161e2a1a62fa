// Collects words for a screen reader. The first are said soon; those within the next two seconds are said
// together, and from four on they are only counted.
import { announce } from '../../kit/announce';
import { during } from '../../perSession';
import { prefs } from '../../store/prefs';

const batchFor = 2_000;
const manyFrom = 4;

interface Speaker {
  /** Each text is asked for when it is said, because a new person's name may come after their words. */
  say(...texts: (() => string)[]): void;
  /** Drops what is not said yet. */
  stop(): void;
}

export function speaker(many: (n: number) => string): Speaker {
  let waiting: (() => string)[] = [];
  let timer = 0;
  const speak = () => {
    timer = 0;
    const text = waiting.length >= manyFrom ? many(waiting.length) : waiting.map((one) => one()).join('\n');
    waiting = [];
    if (text && prefs.peek().announce) {
      announce(text);
    }
  };
  return {
    say(...texts) {
      waiting.push(...texts);
      if (waiting.length && !timer) {
        timer = setTimeout(during(speak), waiting.length > 1 ? batchFor : 500);
      }
    },
    stop() {
      waiting = [];
    },
  };
}
