// Looking at a room that one is not a member of.

/** Loads a room that one is not a member of, into previews; into missing when there is none to see. */
export { loadPreview } from '../../sync/rooms';
