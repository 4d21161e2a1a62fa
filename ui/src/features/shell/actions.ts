// What the shell does with the connection.

/** Tries to reach the server now, without waiting for the back-off. */
export { reconnectNow } from '../../sync/session';
