// Works out what is shown with each message: the day, the unread line, the author. Pure.
import type { Message, Pending } from '../../store/messages';

const together = 5 * 60_000;

export interface Row {
  /** Made of the client_id, so that the row keeps its DOM node when the server stores the message. */
  readonly key: string;
  /** Infinity: not stored yet. */
  readonly seq: number;
  readonly author: number;
  readonly at: number;
  readonly message?: Message;
  readonly pending?: Pending;
  /** Begins a day: show which above it. */
  readonly day: boolean;
  /** The first unread message: the line is above it. */
  readonly line: boolean;
  /** Belongs to the row above: no name, no picture. */
  readonly grouped: boolean;
}

type Plain = Omit<Row, 'day' | 'line' | 'grouped'>;

/** The rows of a segment and of what waits to be sent after it. `line`: seq of the first unread message. */
export function rowsOf(
  messages: readonly Message[],
  pending: readonly Pending[],
  me: number,
  line: number | undefined,
): Row[] {
  const plain: Plain[] = messages.map((message) => ({
    key: `${message.author_id}:${message.client_id || message.seq}`,
    seq: message.seq,
    author: message.author_id,
    at: message.created_at,
    message,
  }));
  for (const one of pending) {
    plain.push({ key: `${me}:${one.clientID}`, seq: Infinity, author: me, at: one.createdAt, pending: one });
  }
  let before: Plain | undefined;
  return plain.map((row) => {
    const day = !before || !sameDay(before.at, row.at);
    const lined = row.seq === line;
    const grouped =
      !day && !lined && before?.author === row.author && Math.abs(row.at - before.at) <= together;
    before = row;
    return { ...row, day, line: lined, grouped };
  });
}

export function sameDay(a: number, b: number): boolean {
  // Compares day and month only; the distance in time rules out other years.
  const one = new Date(a);
  const other = new Date(b);
  return (
    one.getDate() === other.getDate() &&
    Math.abs(a - b) < 48 * 3_600_000 &&
    one.getMonth() === other.getMonth()
  );
}

export function sameRow(a: Row, b: Row): boolean {
  return (
    a.message === b.message &&
    a.pending === b.pending &&
    a.day === b.day &&
    a.line === b.line &&
    a.grouped === b.grouped
  );
}
