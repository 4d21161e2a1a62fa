// Asking for people's presence.

/**
 * Asks for the presence of the people on the screen. Each part of the screen has its own `by`
 * ('panel', 'list', …). An empty list ends it.
 */
export { watchPeople } from '../../sync/presence';
