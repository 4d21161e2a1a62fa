// English, and the type of the other languages. Functions take arguments; plural picks a form by number.
import { formatNumber, plural } from '../../i18n/format';

export const en = {
  roomMembers: (n: number) =>
    plural(n, { one: `${formatNumber(n)} member`, other: `${formatNumber(n)} members` }),
  roomBack: 'Back to the room list',
  roomJoin: 'Join room',
  reactionCount: (emoji: string, n: number) =>
    plural(n, {
      one: `${emoji}, ${formatNumber(n)} reaction`,
      other: `${emoji}, ${formatNumber(n)} reactions`,
    }),
  whoReacted: 'Who reacted',
  copyText: 'Copy text',
  newMessages: (n: number) =>
    plural(n, { one: `${formatNumber(n)} new message`, other: `${formatNumber(n)} new messages` }),
  said: (name: string, text: string) => `${name}: ${text}`,
  notifications: 'Notifications',
  settings: 'Settings',
  signOut: 'Sign out',
  jumpToShort: 'Jump to a room or person',
  listBrowse: 'Browse rooms',
  listUnread: (name: string, n: number) =>
    plural(n, {
      one: `${name}, ${formatNumber(n)} unread message`,
      other: `${name}, ${formatNumber(n)} unread messages`,
    }),
  createRoom: 'Create a room',
  editRoom: 'Room settings',
  directTitle: 'New conversation',
  addPeople: 'Add people',
  membersMore: (name: string) => `More about ${name}`,
  inviteTitle: 'Invite people',
  shortcuts: 'Keyboard shortcuts',
  failBadRequest: 'The server did not understand the request.',
  failInvalid: 'That cannot be used.',
  failSignedOut: 'You are signed out.',
  failWrongCredentials: 'Name or password is wrong.',
  failForbidden: 'You are not allowed to do that.',
  failNotFound: 'That does not exist, or it is not for you to see.',
  failNameTaken: 'That name is taken.',
  failAlreadySetUp: 'This server is already set up.',
  failClientIDReused: 'The message was already sent with another text.',
  failArchived: 'The room is archived. You can read it, and no more change it.',
  failLastOwner: 'Name another owner of the room first.',
  failDeleted: 'The message was deleted.',
  failMessageTooLong: (n: number) => `The message is longer than ${formatNumber(n)} characters.`,
  failTooManyReactions: (n: number) => `A message has at most ${formatNumber(n)} different reactions.`,
  failTooManyPeople: (n: number) => `At most ${formatNumber(n)} people.`,
  failTooManyReports: 'Too many reports are open. Try again when an admin has looked at some.',
  failTooManyRooms: (n: number) =>
    `That would be more than ${formatNumber(n)} rooms, the limit for one person.`,
  failTooManyAttempts: (seconds: number) =>
    plural(seconds, {
      one: `Too many attempts. Try again in ${formatNumber(seconds)} second.`,
      other: `Too many attempts. Try again in ${formatNumber(seconds)} seconds.`,
    }),
  failRateLimited: 'Too fast. Wait a moment.',
  failServer: 'The server cannot do that right now. Try again in a moment.',
  failOffline: 'The server cannot be reached.',
  roleOwner: 'Owner',
  roleAdmin: 'Admin',
};
