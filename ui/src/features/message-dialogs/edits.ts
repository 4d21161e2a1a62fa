// What was typed into the edit boxes of messages and not saved: the row may leave the page, and be edited again later.
import { perSession } from '../../perSession';

/** By `room/seq`. */
export const edits = perSession(() => new Map<string, string>());
