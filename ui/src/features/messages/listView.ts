// The state behind the message list: which rows are drawn, where it is scrolled, when to load more.
import { effect, signal } from '@preact/signals';
import { reading, segmentOf, unreadLine } from '../../store/messages';
import { type RoomID, roomOf } from '../../store/rooms';
import { connection } from '../../store/session';
import { loadAround, loadNewer, loadOlder, loadPresent, noteReading, onReadingCheck } from './history';
import { jump } from './jump';
import type { Row } from './rows';
import { Scroll } from './scroll';
import {
  type Window,
  windowAround,
  windowAtEnd,
  windowDown,
  windowKept,
  windowMost,
  windowUp,
} from './window';

const nearEdge = 900;

/** So long after somebody has touched the page, nothing jumps. */
const handsOff = 60_000;
let touched = -handsOff;
const touch = ({ timeStamp }: Event) => {
  touched = timeStamp;
};
addEventListener('keydown', touch, true);
addEventListener('pointerdown', touch, true);

/**
 * A row to show, at a share of the height from the top. `opens`: the first unread row. All from there on is shown
 * to its end if it fits. `shown`: the row is in its place, but rows below it are still to come.
 */
type Goal = { seq: number; share: number; opens?: boolean; shown?: boolean };

export class ListView {
  /** Counts up when the window moves without a change of the rows. */
  readonly moved = signal(0);
  /** The end is out of sight, so the pill is shown. */
  readonly away = signal(false);
  /** The unread line is in sight. Until the list is in place, nobody knows. */
  readonly lineSeen = signal(true);
  /** The newest message when the end was last in sight. */
  readonly seenTo = signal(0);
  scroll: Scroll | undefined;

  #rows: readonly Row[] = [];
  #window: Window = { from: 0, to: 0 };
  #first = '';
  #goal: Goal | undefined;
  #line = unreadLine.peek();
  #loading = false;
  /** The goal whose page was asked for. */
  #sought = 0;
  #frame = 0;
  #box: HTMLElement | undefined;
  #focused: HTMLElement | undefined;

  constructor(
    readonly room: RoomID,
    rows: readonly Row[],
  ) {
    const line = this.#line;
    const target = jump.peek();
    const to = target?.room === room ? target.to : undefined;
    if (typeof to === 'object') {
      this.#goal = { seq: to.seq, share: 0.33 };
    } else if (line?.room === room && !to) {
      this.#goal = { seq: line.seq, share: 0.33, opens: true };
    }
    reading.now.delete(room);
    this.seenTo.value = this.#goal?.opens ? 0 : (roomOf(room).peek()?.seq ?? 0);
    this.#rows = rows;
    this.#window = this.#initial();
  }

  get window(): Window {
    return this.#window;
  }

  get atStart(): boolean {
    return segmentOf(this.room).peek()?.before === false;
  }

  /** Takes the rows of a render and keeps the window on the rows it shows. */
  take(rows: readonly Row[]): void {
    const line = unreadLine.peek();
    if (line !== this.#line && line?.opens && this.scroll?.pinned) {
      // As on opening. For somebody at work the list at most stops where it was: the line is at its lower edge.
      const { seq } = line;
      this.#goal = { seq, share: performance.now() - touched < handsOff ? 1 : 0.33, opens: true };
      reading.now.set(this.room, { seq, atEnd: false });
    }
    this.#line = line;
    if (rows === this.#rows) {
      return;
    }
    const old = this.#window;
    this.#rows = rows;
    const first = rows.findIndex((row) => row.key === this.#first);
    const after = segmentOf(this.room).peek()?.after ?? false;
    const pinned = (this.scroll?.pinned ?? true) && !after;
    const place = reading.now.get(this.room);
    if (first < 0 && place && !place.atEnd && !this.#goal && this.#indexOf(place.seq) >= 0) {
      // The segment was loaded again around the row that was being read.
      this.#goal = { seq: place.seq, share: 0 };
    }
    const next = this.#grown(old, first, pinned);
    const at = this.#indexOf(this.#goal?.seq ?? 0);
    const shows = at < 0 || (at >= next.from && at < next.to);
    this.#window = first < 0 || !shows ? this.#initial() : this.#note(next);
  }

  // Shows some of the older rows that came above the first one at once. Without them the list at the very top
  // could not stay still when the first row loses its day.
  #grown(old: Window, first: number, pinned: boolean): Window {
    const kept = windowKept(old, first, this.#rows.length, pinned);
    const older = first > old.from && !pinned && (this.scroll?.above ?? nearEdge) < nearEdge;
    return older ? windowUp(kept) : kept;
  }

  #initial(): Window {
    const index = this.#goal ? this.#indexOf(this.#goal.seq) : -1;
    const count = this.#rows.length;
    return this.#note(index >= 0 ? windowAround(count, index) : windowAtEnd(count));
  }

  #note(window: Window): Window {
    this.#first = this.#rows[window.from]?.key ?? '';
    return window;
  }

  #set(window: Window): void {
    const old = this.#window;
    this.#window = this.#note(window);
    if (old.from !== window.from || old.to !== window.to) {
      this.moved.value++;
    }
  }

  #indexOf(seq: number): number {
    const first = this.#rows[0]?.seq ?? 0;
    const index = seq - first;
    return this.#rows[index]?.seq === seq ? index : -1;
  }

  start(box: HTMLElement, content: HTMLElement): () => void {
    this.#box = box;
    const scroll = new Scroll(box, content, () => this.#look());
    scroll.pinned = !this.#goal;
    this.scroll = scroll;
    const stop = onReadingCheck(() => this.#look());
    return () => {
      stop();
      scroll.end();
      cancelAnimationFrame(this.#frame);
    };
  }

  /** Scrolls when jumpTo asks for the end or for a message. */
  follow(): () => void {
    let last = jump.peek()?.id;
    return effect(() => {
      const ask = jump.value;
      if (!ask || ask.id === last || ask.room !== this.room) {
        return;
      }
      last = ask.id;
      if (ask.to === 'end') {
        this.toEnd();
      } else {
        this.toMessage(ask.to.seq);
      }
    });
  }

  toEnd(): void {
    this.#goal = undefined;
    reading.now.delete(this.room);
    if (segmentOf(this.room).peek()?.after) {
      if (this.scroll) {
        this.scroll.pinned = true;
      }
      void loadPresent(this.room);
      return;
    }
    if (this.#window.to < this.#rows.length) {
      this.#set(windowAtEnd(this.#rows.length));
    }
    this.scroll?.pin();
    this.#look();
  }

  toMessage(seq: number): void {
    this.#goal = { seq, share: 0.33 };
    const index = this.#indexOf(seq);
    if (index < 0) {
      void loadAround(this.room, seq);
      return;
    }
    const { from, to } = this.#window;
    if (index < from || index >= to) {
      this.#set(windowAround(this.#rows.length, index));
    } else {
      this.settle();
    }
  }

  /** After every change of the DOM, before it is painted. */
  settle(): void {
    const scroll = this.scroll;
    if (!scroll) {
      return;
    }
    const goal = this.#goal;
    const row = goal && this.row(goal.seq);
    // A kept copy without the row to show is not what the person came to read.
    scroll.endsHere =
      (!goal || Boolean(row)) &&
      this.#window.to >= this.#rows.length &&
      !(segmentOf(this.room).peek()?.after ?? false);
    const head = roomOf(this.room).peek();
    if (goal && head && goal.seq > head.seq && connection.peek() === 'online') {
      // There is no such message, so go to the end.
      this.#goal = undefined;
      scroll.pin();
    } else if (goal && row) {
      const fits = goal.opens && scroll.fits(row);
      this.#goal = fits && !scroll.endsHere ? { ...goal, shown: true } : undefined;
      if (fits && scroll.endsHere) {
        scroll.pin();
      } else if (fits && goal.shown) {
        scroll.settle();
      } else {
        scroll.show(row, goal.share);
      }
    } else {
      scroll.settle();
      this.#seek(goal);
    }
    this.#tabStop();
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#look());
  }

  // The page may have been asked for before the welcome said what is unread.
  #seek(goal: Goal | undefined): void {
    const rev = segmentOf(this.room).peek()?.rev;
    if (
      goal?.opens &&
      goal.seq !== this.#sought &&
      connection.peek() === 'online' &&
      rev === roomOf(this.room).peek()?.rev
    ) {
      this.#sought = goal.seq;
      void loadAround(this.room, goal.seq);
    }
  }

  scrolled(): void {
    if (this.scroll?.scrolled() && this.#goal?.shown) {
      this.#goal = undefined;
    }
    this.#look();
  }

  // Notes which rows are visible, and asks for more rows or messages before an edge is reached.
  #look(): void {
    const scroll = this.scroll;
    if (!scroll || !this.#rows.length) {
      return;
    }
    const last = Number(scroll.lastVisible()?.getAttribute('data-row')) || 0;
    const atEnd = scroll.pinned && scroll.endsHere;
    const head = roomOf(this.room).peek()?.seq ?? 0;
    const seen = atEnd ? head : last;
    const top = Number(scroll.firstVisible()?.getAttribute('data-row')) || seen;
    reading.now.set(this.room, { seq: this.#goal?.seq ?? top, atEnd });
    this.away.value = !atEnd && (scroll.far || !scroll.endsHere);
    this.lineSeen.value = scroll.sees(this.#box?.querySelector('[data-line]'));
    if (atEnd && !document.hidden) {
      this.seenTo.value = head;
    }
    if (seen) {
      noteReading(this.room, seen);
    }
    void this.#more(scroll);
  }

  async #more(scroll: Scroll): Promise<void> {
    const { from, to } = this.#window;
    const segment = segmentOf(this.room).peek();
    const nearEnd = scroll.below < Math.max(nearEdge, scroll.height);
    if (scroll.above < nearEdge && from > 0 && !(scroll.pinned && to - from >= windowMost)) {
      this.#set(windowUp({ from, to }));
    } else if (nearEnd && to < this.#rows.length && !scroll.pinned) {
      this.#set(windowDown({ from, to }, this.#rows.length));
    } else if (!this.#loading) {
      const older = scroll.above < nearEdge && segment?.before;
      const newer = nearEnd && segment?.after;
      if (older || newer) {
        this.#loading = true;
        await (older ? loadOlder(this.room) : loadNewer(this.room));
        this.#loading = false;
      }
    }
  }

  row(seq: number): HTMLElement | null {
    return this.#box?.querySelector<HTMLElement>(`[data-row="${seq}"]`) ?? null;
  }

  /** The rows' articles that are drawn. */
  articles(): HTMLElement[] {
    return [...(this.#box?.querySelectorAll<HTMLElement>('article') ?? [])];
  }

  /** Tab comes back to the row that had the focus. */
  focused(target: EventTarget | null): void {
    const article = target instanceof Element ? target.closest('article') : null;
    if (article) {
      this.#tabStop(article);
    }
  }

  // Tab stops at one row: the last one focused, or else the last of the list. Set by hand, because a prop
  // would render two rows on each arrow key.
  #tabStop(article?: HTMLElement): void {
    this.#focused = article ?? (this.#focused?.isConnected ? this.#focused : undefined);
    const old = this.#box?.querySelector<HTMLElement>('article[tabindex="0"]');
    const next = this.#focused ?? this.articles().at(-1);
    if (old !== next) {
      if (old) {
        old.tabIndex = -1;
      }
      if (next) {
        next.tabIndex = 0;
      }
    }
  }
}
