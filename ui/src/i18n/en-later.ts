// English, for the parts of the client that are fetched when they are first shown: it comes with them.
import { formatNumber, plural } from './format';

export const enLater = {
  // common
  cancel: 'Cancel',
  save: 'Save',

  // room: header, join bar, states
  roomMissing: 'This room does not exist, or it is not for you to see.',
  roomDraft: 'You were writing here',
  roomToList: 'To the room list',

  // messages
  editLabel: 'Edit your message',
  editHint: 'Enter saves, Esc cancels',
  deleteTitle: 'Delete this message?',
  deleteText: 'It will be gone for everyone.',

  // shared by forms and dialogs
  copy: 'Copy',
  search: 'Search',
  create: 'Create',
  optional: 'optional',
  you: 'you',
  noMatches: 'Nothing found',
  saved: 'Saved',

  // accounts: set-up, sign-in, registration
  accountNameHint: 'Letters, digits, and . _ - in any script.',
  accountDisplayName: 'Your name',
  accountDisplayNameHint: 'What other people see.',
  accountPasswordHint: '8 characters or more.',
  registerTitle: (server: string) => `Join ${server}`,
  registerInvitedBy: (name: string) => `${name} invites you.`,
  registerOpen: 'Anyone can join this server.',
  registerHave: 'Already have an account?',
  inviteGone: 'This invite no longer works',
  inviteGoneText: 'It was used up, ran out, or was taken back. Ask for a new link.',
  registrationClosed: 'This server takes no new accounts',
  setupTitle: 'Set up your server',
  setupText: 'Name it and make your own account. You will be its owner.',
  setupServerName: 'Name of the server',
  setupServerNameHint: 'Your team, family, or club.',
  setupCode: 'Set-up code',
  setupCodeHint: 'The end of the link that the server printed when it started.',
  setupCodeWrong: 'This set-up link does not work. Use the newest one from the server log.',
  setupSubmit: 'Set up',
  setupInviteTitle: 'Bring people in',
  setupInviteText: 'Anyone with this link can join for 7 days.',
  setupInviteLater: 'Invite later',

  // shell
  signOutAsk: 'Sign out?',
  signOutUnsent: (n: number) =>
    plural(n, {
      one: `${formatNumber(n)} message is not sent yet and would be lost.`,
      other: `${formatNumber(n)} messages are not sent yet and would be lost.`,
    }),

  // switcher
  switcherPlaceholder: 'Room or person',
  switcherHint: '↑ ↓ to choose, Enter to open',

  // rooms: make, browse, rename
  createRoomName: 'Name',
  createRoomNameHint: 'Letters, digits, and . _ - without spaces.',
  createRoomTopic: 'Topic',
  createRoomTopicHint: 'What the room is about.',
  createRoomKind: 'Who can see it',
  createRoomPublic: 'Everyone',
  createRoomPublicHint: 'Anyone on the server can find it and join.',
  createRoomPrivate: 'Only members',
  createRoomPrivateHint: 'Members add people. Nobody else sees that it exists.',
  browseTitle: 'Browse rooms',
  browseSearch: 'Find a public room',
  browseJoined: 'Joined',
  browseOpen: 'Open',
  browseMore: 'There are more rooms. Search to find them.',
  browseEmpty: 'No public rooms yet',
  browseEmptyText: 'Create the first one and others can join it.',

  // people
  directSearch: 'Find people',
  directStart: 'Start',
  directAlone: 'You are the only one here',
  directAloneText: 'Invite people, and you can write to them.',
  directMost: (n: number) => `At most ${formatNumber(n)} other people.`,
  addPeopleTo: (room: string) => `Add people to ${room}`,
  addedPeople: (n: number) =>
    plural(n, { one: `${formatNumber(n)} person added`, other: `${formatNumber(n)} people added` }),
  everyoneHere: 'Everyone is already here',
  everyoneHereText: 'Invite someone new to the server.',
  picked: (n: number) => plural(n, { one: `${formatNumber(n)} picked`, other: `${formatNumber(n)} picked` }),
  removePick: (name: string) => `Remove ${name}`,
  membersTitle: 'Members',
  membersCount: (members: number, online: number) =>
    `${formatNumber(members)} · ${formatNumber(online)} online`,
  roleOwner: 'Owner',
  roleAdmin: 'Admin',
  roleMember: 'Member',
  makeOwner: 'Make owner',
  makeMember: 'Make member',
  removeFromRoom: 'Remove from room',
  removedFromRoom: (name: string) => `${name} was removed.`,
  leaveRoom: 'Leave room',
  leaveRoomAsk: (room: string) => `Leave ${room}?`,
  leavePublicText: 'You can join again at any time.',
  leavePrivateText: 'Someone will have to add you again.',

  // invites
  inviteText: 'Anyone with the link can make an account here.',
  inviteLink: 'Invite link',
  inviteMake: 'Make a link',
  inviteUses: 'Works for',
  inviteUsesAny: 'any number of people',
  inviteUsesCount: (n: number) =>
    plural(n, { one: `${formatNumber(n)} person`, other: `${formatNumber(n)} people` }),
  inviteExpires: 'Ends after',
  inviteDays: (n: number) => plural(n, { one: `${formatNumber(n)} day`, other: `${formatNumber(n)} days` }),
  inviteQr: 'QR code of the invite link',
  inviteShownOnce: 'Copy it now: it is not shown again.',
  inviteActive: 'Links that work',
  inviteNone: 'No invite links',
  inviteBy: (name: string, date: string) => `By ${name}, until ${date}`,
  inviteUsed: (uses: number, most: number) =>
    most ? `${formatNumber(uses)} of ${formatNumber(most)} used` : `${formatNumber(uses)} used`,
  inviteRevoke: 'Take back',
  inviteRevoked: 'The link no longer works.',

  // emoji picker
  pickerTitle: 'Pick an emoji',
  pickerSearch: 'Search emoji',
  pickerRecent: 'Recent',
  pickerGroups: [
    'Smileys',
    'People',
    'Animals and nature',
    'Food',
    'Travel',
    'Activities',
    'Objects',
    'Symbols',
    'Flags',
  ],
  pickerFailed: 'The emoji could not be loaded.',

  // notifications
  notificationsNone: 'Nothing to tell you yet',
  notificationsNoneText:
    'What programs on this server tell you, as an order on its way or a build that failed, waits here.',
  notificationsFailed: 'The notifications could not be loaded.',
  notificationsOlder: 'Show older ones',
  notificationsReadAll: 'Mark all as read',
  notificationRead: (title: string) => `Mark as read: ${title}`,
  notificationUnread: 'Unread',
  notificationNewTab: 'opens in a new tab',

  // settings
  settingsProfile: 'Profile',
  settingsAppearance: 'Appearance',
  settingsTheme: 'Theme',
  themeSystem: 'Like the system',
  themeLight: 'Light',
  themeDark: 'Dark',
  languageSystem: 'Like the browser',
  settingsAccessibility: 'Accessibility',
  settingsAnnounce: 'Read new messages aloud',
  settingsAnnounceHint:
    'With a screen reader: speaks messages that arrive in the open room, and notifications.',
  settingsPassword: 'Password',
  settingsCurrentPassword: 'Current password',
  settingsNewPassword: 'New password',
  settingsChangePassword: 'Change password',
  settingsPasswordHint: 'You stay signed in here and are signed out everywhere else.',
  settingsPasswordChanged: 'Password changed. You are signed out everywhere else.',
  settingsPasswordWrong: 'That is not your current password.',
  settingsSession: 'This browser',
  settingsVersion: (version: string) => `Parley ${version}`,

  // server
  serverTitle: 'Server settings',
  serverGeneral: 'General',
  serverRegistration: 'Who can make an account',
  registrationOpen: 'Anyone',
  registrationOpenHint: 'Whoever reaches the address.',
  registrationInvite: 'People with an invite link',
  registrationInviteHint: 'The usual choice.',
  registrationClosedChoice: 'Nobody',
  registrationClosedHint: 'Invite links stop working too.',
  serverPeople: 'People',
  serverPeopleCount: (n: number) =>
    plural(n, { one: `${formatNumber(n)} person`, other: `${formatNumber(n)} people` }),
  serverRoleOf: (name: string) => `Role of ${name}`,
  serverInvites: 'Invites',
  serverOwnersOnly: 'Only owners and admins can see this',

  // shortcuts
  shortcutGroups: { move: 'Move around', write: 'Write', read: 'Read' },
  shortcutSwitcher: 'Jump to a room or person',
  shortcutRooms: 'Previous or next room',
  shortcutUnread: 'Previous or next unread room',
  shortcutRegions: 'Next part of the window',
  shortcutHelp: 'This list',
  shortcutSend: 'Send',
  shortcutBreak: 'New line',
  shortcutEditLast: 'Edit your last message',
  shortcutCancel: 'Cancel, close',
  shortcutMarkRead: 'Mark the room as read',
  shortcutNewest: 'To the newest message',
  shortcutMessages: 'Move between messages',
  shortcutEmpty: 'with nothing written',
};
