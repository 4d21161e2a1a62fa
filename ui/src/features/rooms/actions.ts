// Loading a room that the reader is not a member of.

/** Loads a room the reader is not a member of into `previews`, or notes it in `missing`. */
export { loadPreview } from '../../sync/rooms';
