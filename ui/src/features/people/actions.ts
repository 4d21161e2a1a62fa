// Whose presence is followed.

/**
 * Says who is on the screen, so that their presence comes in. Each part of the screen has its own `by`
 * ('panel', 'list', …); an empty list ends it.
 */
export { watchPeople } from '../../sync/presence';
