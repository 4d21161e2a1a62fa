// What the person does while the server is away.

/** Tries to reach the server now, without waiting for the back-off. */
export { reconnectNow } from '../../sync/session';
