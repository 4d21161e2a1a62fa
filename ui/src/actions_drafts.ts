// What is written and not sent.

/** Keeps the draft of a room: at once in memory, after 500 ms in IndexedDB and in the other tabs. '' drops it. */
export { setDraft } from './sync/drafts';
