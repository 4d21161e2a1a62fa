// The connection to the server, as the bar over the window shows it.

/** Tries to reach the server now, without waiting for the back-off. */
export { reconnectNow } from '../../sync/session';
