// Keeps the list still while it changes: either an anchor row stays where it is, or the end stays in view.
// Safari has no scroll anchoring, so every browser gets ours.

/** This near to its end, the list is at its end. */
const atEndWithin = 40;

export class Scroll {
  /** Follows the end. Only a person's scrolling ends this; a list that grows does not. */
  pinned = true;
  /** The last row in the DOM is the last of the room. If not, reaching the bottom does not pin. */
  endsHere = true;

  #anchor: { row: Element; top: number } | undefined;
  #pinnedTop = 0;
  #lastTop = 0;
  #observer: ResizeObserver;

  constructor(
    private readonly box: HTMLElement,
    content: HTMLElement,
    private readonly changed: () => void,
  ) {
    this.#observer = new ResizeObserver(() => {
      this.settle();
      this.changed();
    });
    this.#observer.observe(box);
    this.#observer.observe(content);
  }

  end(): void {
    this.#observer.disconnect();
  }

  get height(): number {
    return this.box.clientHeight;
  }

  get above(): number {
    return this.box.scrollTop;
  }

  get below(): number {
    return this.box.scrollHeight - this.box.scrollTop - this.height;
  }

  /** Before a change: remembers the first visible row. */
  hold(): void {
    const first = this.firstVisible();
    // The first row of the list loses its day and its name when older rows come above it, so the one after it
    // is taken.
    const alone = first && !first.previousElementSibling?.hasAttribute('data-row');
    const row = alone ? (first.nextElementSibling ?? first) : first;
    this.#anchor = row && { row, top: row.getBoundingClientRect().top };
  }

  /** Before a pressed row grows or shrinks: keeps it in its place, even at the end of the list. */
  keep(row: Element | null): void {
    if (row) {
      this.pinned = false;
      this.#anchor = { row, top: row.getBoundingClientRect().top };
    }
  }

  /** After a change: puts that row, or the end, where it was. */
  settle(): void {
    if (this.pinned) {
      this.pin();
      return;
    }
    const anchor = this.#anchor;
    if (anchor?.row.isConnected) {
      const moved = anchor.row.getBoundingClientRect().top - anchor.top;
      // In Safari a write stops a fling that is running, so write only when something moved.
      if (Math.abs(moved) >= 0.5) {
        this.box.scrollTop += moved;
      }
    }
    this.#lastTop = this.box.scrollTop;
    // A list that has become shorter may end in sight.
    if (this.endsHere && this.below < 1) {
      this.pin();
    }
    this.hold();
  }

  pin(): void {
    this.pinned = true;
    this.box.scrollTop = this.box.scrollHeight;
    this.#pinnedTop = this.box.scrollTop;
    this.#lastTop = this.#pinnedTop;
  }

  /** Scrolls a row to a share of the height from the top. Pins the end when the list lands there. */
  show(row: Element, share: number): void {
    this.pinned = false;
    const top = row.getBoundingClientRect().top - this.box.getBoundingClientRect().top;
    this.box.scrollTop += top - this.height * share;
    this.#lastTop = this.box.scrollTop;
    this.hold();
    if (this.endsHere && this.below <= atEndWithin) {
      this.pin();
    }
  }

  /** Tells whether a row and all that is drawn below it fit the list. */
  fits(row: Element): boolean {
    const top = row.getBoundingClientRect().top - this.box.getBoundingClientRect().top;
    return this.below <= top;
  }

  /** So far from its end that there should be a button that leads there. */
  get far(): boolean {
    return this.below > Math.min(300, this.height / 4);
  }

  /** Handles a scroll event, and tells whether a person has caused it and not a write of this class. */
  scrolled(): boolean {
    const top = this.box.scrollTop;
    const byHand = Math.abs(top - this.#lastTop) >= 1;
    if (this.pinned) {
      if (top < this.#pinnedTop - atEndWithin && this.below > atEndWithin) {
        this.pinned = false;
      }
    } else if (this.endsHere && top >= this.#lastTop && this.below <= atEndWithin) {
      this.pinned = true;
      this.#pinnedTop = top + this.below;
    }
    this.#lastTop = top;
    if (!this.pinned) {
      this.hold();
    }
    return byHand;
  }

  sees(one: Element | null | undefined): boolean {
    const at = one?.getBoundingClientRect();
    const box = this.box.getBoundingClientRect();
    return Boolean(at && at.bottom > box.top && at.top < box.bottom);
  }

  firstVisible(): Element | undefined {
    return this.#rowAt(this.box.getBoundingClientRect().top + 1);
  }

  lastVisible(): Element | undefined {
    return this.#rowAt(this.box.getBoundingClientRect().bottom - 2, true);
  }

  // Binary search: the rows are in order, and each read of the layout is slow.
  #rowAt(y: number, whole = false): Element | undefined {
    const rows = this.box.querySelectorAll('[data-row]');
    let low = 0;
    let high = rows.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((rows[middle] as Element).getBoundingClientRect().bottom > y) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    const row = rows[low];
    // The last row counts as seen once its end is on the screen.
    return whole && row && low > 0 && row.getBoundingClientRect().bottom > y + 4 ? rows[low - 1] : row;
  }
}
