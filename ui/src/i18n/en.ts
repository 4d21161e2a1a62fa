// English, and the type of every catalog. Functions take arguments; plural picks a form by number.
// Add keys under the section of the part that shows them, here and in zh-Hans.ts; those that only parts fetched later
// show belong into en-later.ts and zh-Hans-later.ts.
import { formatList, formatNumber, plural } from './format';

export const en = {
  // common
  close: 'Close',
  delete: 'Delete',
  retry: 'Retry',
  edit: 'Edit',
  loading: 'Loading…',

  // room: header, join bar, states
  roomMembers: (n: number) =>
    plural(n, { one: `${formatNumber(n)} member`, other: `${formatNumber(n)} members` }),
  roomShowMembers: 'Show members',
  roomHideMembers: 'Hide members',
  roomBack: 'Back to the room list',
  roomNoLonger: (room: string) => `You are no longer a member of ${room}.`,
  roomPreview: 'You are looking at this room without being a member.',
  roomJoin: 'Join room',
  roomPostersOnly: (names: string) =>
    names ? `Only ${names} can post here.` : 'Only the admins can post here.',
  roomEmpty: 'Nothing here yet. Write the first message.',
  roomEmptyQuiet: 'Nothing here yet.',
  roomStart: (room: string) => `This is the beginning of ${room}.`,
  roomLoadFailed: 'The messages could not be loaded.',
  roomStartDirect: (names: string) => `This is the beginning of your conversation with ${names}.`,
  messagesLabel: (room: string) => `Messages in ${room}`,

  // messages
  edited: 'edited',
  deleted: 'This message was deleted.',
  queued: 'Waiting to be sent',
  notSentWhy: (why: string) => `Not sent: ${why}`,
  discard: 'Delete',
  rowLabel: (name: string, time: string) => `${name}, ${time}`,
  unreadLine: 'New',
  react: 'Add a reaction',
  reactWith: (emoji: string) => `React with ${emoji}`,
  reactionBy: (emoji: string, names: string[]) => `${emoji}: ${formatList(names)}`,
  reactionCount: (emoji: string, n: number) =>
    plural(n, {
      one: `${emoji}, ${formatNumber(n)} reaction`,
      other: `${emoji}, ${formatNumber(n)} reactions`,
    }),
  whoReacted: 'Who reacted',
  showMore: 'Show more',
  showLess: 'Show less',
  more: 'More actions',
  copyLink: 'Copy link',
  copyText: 'Copy text',
  copied: 'Copied',
  copyFailed: 'Copying is not possible here. The text is selected: copy it by hand.',
  markUnread: 'Mark unread from here',
  editMessage: 'Edit message',
  deleteMessage: 'Delete message',
  toolbar: 'Message actions',
  today: 'Today',
  yesterday: 'Yesterday',

  // composer
  composerLabel: (room: string) => `Message to ${room}`,
  composerPlaceholder: (room: string) => `Message ${room}`,
  send: 'Send',
  emoji: 'Emoji',
  tooLong: (over: number) =>
    plural(over, {
      one: `${formatNumber(over)} character too long`,
      other: `${formatNumber(over)} characters too long`,
    }),

  // unread bar, pill
  newSince: (n: number, time: string) =>
    plural(n, {
      one: `${formatNumber(n)} new message since ${time}`,
      other: `${formatNumber(n)} new messages since ${time}`,
    }),
  jump: 'Jump',
  markRead: 'Mark read',
  newMessages: (n: number) =>
    plural(n, { one: `${formatNumber(n)} new message`, other: `${formatNumber(n)} new messages` }),
  jumpToPresent: 'Jump to present',

  // typing
  typing: (names: string[]) =>
    plural(names.length, {
      one: `${formatList(names)} is typing…`,
      other: `${formatList(names)} are typing…`,
    }),
  typingMany: 'Several people are typing…',

  // connection
  reconnecting: 'Reconnecting…',
  offlineNow: 'You are offline. What you write is sent when you are back.',
  retryNow: 'Retry now',
  connectionLost: 'Connection lost. Reconnecting.',
  connectionStopped: 'The server ended the connection. Reload the page to try again.',
  reload: 'Reload',

  // announcer
  said: (name: string, text: string) => `${name}: ${text}`,

  // shared by forms and dialogs
  back: 'Back',
  done: 'Done',
  language: 'Language',

  // accounts: set-up, sign-in, registration
  accountName: 'Sign-in name',
  accountPassword: 'Password',
  accountPasswordShort: 'Use 8 characters or more.',
  accountPasswordLong: 'That password is too long.',
  accountNameWrong: 'Use 1 to 64 letters, digits, or . _ - and not digits alone.',
  accountFillIn: 'Fill this in.',
  signInTitle: (server: string) => `Sign in to ${server}`,
  signIn: 'Sign in',
  signInNew: 'New here?',
  signInRegister: 'Create an account',
  signInAskInvite: 'You need an invite link. Ask someone who is already here.',
  signInEnded: 'Your session ended. Sign in again.',
  signInBanned: 'This account can no longer sign in.',
  register: 'Create account',
  setupStep: (n: number, of: number) => `Step ${n} of ${of}`,

  // notifications: the entry, the words for a screen reader
  notifications: 'Notifications',
  notificationsUnread: (n: number) => `${formatNumber(n)} unread`,
  newNotifications: (n: number) => `${formatNumber(n)} new notifications`,
  bot: 'Bot',

  // shell
  regionRooms: 'Rooms',
  online: (n: number) => `${formatNumber(n)} online`,
  menuOf: (server: string) => `${server}: menu`,
  settings: 'Settings',
  serverSettings: 'Server settings',
  signOut: 'Sign out',
  jumpTo: 'Jump to…',
  jumpToShort: 'Jump to a room or person',
  newVersion: 'A new version is ready.',
  welcomeTitle: (name: string) => `Welcome, ${name}`,
  welcomeText: 'Pick a room to read on.',
  welcomeEmptyText: 'You are not in a room yet.',
  notFoundTitle: 'There is nothing here',
  notFoundText: 'The address may be mistyped, or the page is gone.',
  notFoundHome: 'To the rooms',

  // room list
  listRooms: 'Rooms',
  listDirects: 'Direct messages',
  listNoRooms: 'No rooms yet.',
  listNoDirects: 'No conversations yet.',
  listBrowse: 'Browse rooms',
  listUnread: (name: string, n: number) =>
    plural(n, {
      one: `${name}, ${formatNumber(n)} unread message`,
      other: `${name}, ${formatNumber(n)} unread messages`,
    }),
  listDraft: 'Draft',
  presenceOnline: 'Online',
  presenceAway: 'Away',
  presenceOffline: 'Offline',

  // rooms: make, browse, rename
  createRoom: 'Create a room',
  editRoom: 'Room settings',

  // people
  directTitle: 'New conversation',
  addPeople: 'Add people',
  add: 'Add',
  membersMore: (name: string) => `More about ${name}`,
  message: 'Message',

  // invites
  inviteTitle: 'Invite people',

  // server
  serverName: 'Name',

  // shortcuts
  shortcuts: 'Keyboard shortcuts',

  // failures
  failBadRequest: 'The server did not understand the request.',
  failInvalid: 'That cannot be used.',
  failSignedOut: 'You are signed out.',
  failWrongCredentials: 'Name or password is wrong.',
  failForbidden: 'You are not allowed to do that.',
  failNotFound: 'That does not exist, or it is not for you to see.',
  failNameTaken: 'That name is taken.',
  failAlreadySetUp: 'This server is already set up.',
  failClientIDReused: 'The message was already sent with another text.',
  failLastOwner: 'Name another owner of the room first.',
  failDeleted: 'The message was deleted.',
  failMessageTooLong: (n: number) => `The message is longer than ${formatNumber(n)} characters.`,
  failTooManyReactions: (n: number) => `A message has at most ${formatNumber(n)} different reactions.`,
  failTooManyPeople: (n: number) => `At most ${formatNumber(n)} people.`,
  failTooManyRooms: (n: number) => `Nobody can be in more than ${formatNumber(n)} rooms.`,
  failTooManyAttempts: (seconds: number) =>
    plural(seconds, {
      one: `Too many attempts. Try again in ${formatNumber(seconds)} second.`,
      other: `Too many attempts. Try again in ${formatNumber(seconds)} seconds.`,
    }),
  failRateLimited: 'Too fast. Wait a moment.',
  failServer: 'The server cannot do that right now. Try again in a moment.',
  failOffline: 'The server cannot be reached.',
};
