// Everything a person can do. Components call these and nothing else; they never import net/ or sync/. Those of a
// page that is fetched later come with it, by the names of their files: actions_inbox, actions_server, actions_tokens.
// Actions that a form waits for answer a Result; failureText in i18n/ says what a failure means.
export * from './actions_drafts';
export * from './actions_ui';
export * from './features/entry/actions';
export * from './features/members/actions';
export * from './features/messages/actions';
export * from './features/messages/history';
export * from './features/people/actions';
export * from './features/room-dialogs/actions';
export * from './prefs';
