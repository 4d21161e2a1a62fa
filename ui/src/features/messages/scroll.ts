// Keeps the list still while it changes: an anchor row that stays where it is, or the end that stays in view.
// Safari has no scroll anchoring, so every browser gets ours.

const leaveBy = 40;
const atEndWithin = 8;

export class Scroll {
  /** Follow the end. A mode, not a measurement: growth never ends it, a person's scroll does. */
  pinned = true;
  /** Does the list really end where the DOM ends? Else reaching the bottom does not pin. */
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

  get above(): number {
    return this.box.scrollTop;
  }

  get below(): number {
    return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight;
  }

  /** Before a change: remembers the first visible row. */
  hold(): void {
    const first = this.firstVisible();
    // The first row of all loses its day and its name when older ones come above it: the one after it stays.
    const alone = first && !first.previousElementSibling?.hasAttribute('data-row');
    const row = alone ? (first.nextElementSibling ?? first) : first;
    this.#anchor = row && { row, top: row.getBoundingClientRect().top };
  }

  /** A row is about to grow or shrink because it was pressed: this of it stays in its place, also at the end. */
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
      // A write cuts a running fling short in Safari, so only when something moved.
      if (Math.abs(moved) >= 0.5) {
        this.box.scrollTop += moved;
      }
    }
    this.#lastTop = this.box.scrollTop;
    this.hold();
  }

  pin(): void {
    this.pinned = true;
    this.box.scrollTop = this.box.scrollHeight;
    this.#pinnedTop = this.box.scrollTop;
    this.#lastTop = this.#pinnedTop;
  }

  /** Puts a row at a share of the height from the top; the end stays in view when that is where it lands. */
  show(row: Element, share: number): void {
    this.pinned = false;
    const top = row.getBoundingClientRect().top - this.box.getBoundingClientRect().top;
    this.box.scrollTop += top - this.box.clientHeight * share;
    this.#lastTop = this.box.scrollTop;
    this.hold();
    if (this.endsHere && this.below <= atEndWithin) {
      this.pin();
    }
  }

  /** A scroll event: a person's, or the echo of a write here. */
  scrolled(): void {
    const top = this.box.scrollTop;
    if (this.pinned) {
      if (top < this.#pinnedTop - leaveBy && this.below > leaveBy) {
        this.pinned = false;
      }
    } else if (this.endsHere && top >= this.#lastTop && this.below <= atEndWithin) {
      this.pinned = true;
      this.#pinnedTop = top;
    }
    this.#lastTop = top;
    if (!this.pinned) {
      this.hold();
    }
  }

  firstVisible(): Element | undefined {
    return this.#rowAt(this.box.getBoundingClientRect().top + 1);
  }

  lastVisible(): Element | undefined {
    return this.#rowAt(this.box.getBoundingClientRect().bottom - 2, true);
  }

  // The rows are in order, so a handful of reads finds the one at a height.
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
