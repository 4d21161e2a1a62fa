// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

/** By the names of the acts in chat/audit.go. The page shows the name of an act that is not here. */
const acts: Readonly<Record<string, (whom: string) => string>> = {
  'server.change': () => 'changed the server settings',
  'user.role': (whom) => `gave ${whom} another role`,
  'user.deactivate': (whom) => `deactivated ${whom}`,
  'user.reactivate': (whom) => `reactivated ${whom}`,
  'user.end_sessions': (whom) => `signed ${whom} out everywhere`,
  'user.reset': (whom) => `made a link for a new password of ${whom}`,
  'invite.add': () => 'made an invite',
  'invite.end': () => 'took an invite back',
  'message.delete': (whom) => `deleted a message of ${whom}`,
  'report.close': (whom) => `closed a report about a message of ${whom}`,
  'host.add': () => 'confirmed a name of the server',
  'host.end': () => 'took a name of the server back',
  'room.archive': () => 'archived a room',
  'room.unarchive': () => 'brought an archived room back into use',
  'room.make_private': () => 'made a public room private',
  'room.delete': () => 'deleted a room with its messages',
  'room.role': (whom) => `gave ${whom} another role in a room`,
  'room.take_out': (whom) => `took ${whom} out of a room`,
  'token.add': (whom) => `made a token for ${whom}`,
  'token.end': (whom) => `revoked a token of ${whom}`,
};

/** What the details that are words mean. */
const details: Readonly<Record<string, string>> = {
  keep: 'the messages stay',
  delete: 'the messages are deleted',
  rooms: 'the messages are deleted, and rooms of theirs',
  owner: 'Owner',
  admin: 'Admin',
  member: 'Member',
  name: 'another name',
  open: 'anyone can make an account',
  invite: 'accounts by invite link',
  closed: 'nobody can make an account',
};

/** What is numbered, by the first word of the act. */
const numbered: Readonly<Record<string, (number: string) => string>> = {
  invite: (number) => `invite ${number}`,
  report: (number) => `report ${number}`,
  token: (number) => `token ${number}`,
};

/** What a token may do, as in the settings of the server. */
const scopes: Readonly<Record<string, string>> = {
  read: 'Read',
  post: 'Post',
  notify: 'Notify',
  admin: 'Administer',
};

export const en = {
  auditText: 'What you and the other admins did to people, rooms, and messages.',
  auditNone: 'Nothing yet',
  auditOlder: 'Show older',
  auditFailed: 'The audit log could not be loaded.',
  auditCommand: 'The command line',
  auditActs: acts,
  auditDetails: details,
  auditNumbered: numbered,
  auditScopes: scopes,
  auditRoom: (room: string) => `in room ${room}`,
  auditMessage: (room: string, seq: string) => `message ${seq} in room ${room}`,
};
