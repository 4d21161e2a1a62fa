// English, and the type of the other languages. Functions take arguments; plural picks a form by number.
import { formatNumber, plural } from '../../i18n/format';

export const en = {
  sentences: (all: string[]) => all.join(' '),
  roomMembers: (n: number) =>
    plural(n, { one: `${formatNumber(n)} member`, other: `${formatNumber(n)} members` }),
  loading: 'Loading…',
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
  roleOwner: 'Owner',
  roleAdmin: 'Admin',
  offline: 'Offline',
};
