// English, and the type of the other languages. Functions take arguments; plural picks a form by number.
import { formatNumber, plural } from '../../i18n/format';

export const en = {
  add: 'Add',
  message: 'Message',
  addPeopleTo: (room: string) => `Add people to ${room}`,
  addedPeople: (n: number) =>
    plural(n, { one: `${formatNumber(n)} person added`, other: `${formatNumber(n)} people added` }),
  everyoneHere: 'Everyone is already here',
  everyoneHereText: 'Invite someone new to the server.',
  membersTitle: 'Members',
  membersCount: (members: number, online?: number) =>
    online === undefined
      ? formatNumber(members)
      : `${formatNumber(members)} · ${formatNumber(online)} online`,
  askedTitle: 'Asked, not here yet',
  askedMore: 'And others.',
  makeOwner: 'Make owner of the room',
  makeOwnerAsk: (name: string, room: string) => `Make ${name} an owner of ${room}?`,
  makeOwnerText:
    'Owners of a room take people out, also you, and delete others’ messages. They can archive the room and delete it for ever.',
  makeMember: 'Make member',
  manageAccount: 'Manage account',
  removeFromRoom: 'Remove from room',
  removeAsk: (name: string, room: string) => `Remove ${name} from ${room}?`,
  removePublicText: 'They can join again at any time.',
  removePrivateText: 'They no longer see the room. Members can add them again.',
  removedFromRoom: (name: string) => `${name} was removed.`,
  hideRoom: 'Hide until something new is said',
  leaveGroupText: 'The others keep the conversation. For the same people a new one begins.',
  leaveLastText: 'You are the last one in it, so it will be archived.',
  leaveRoom: 'Leave room',
  leaveRoomAsk: (room: string) => `Leave ${room}?`,
  leavePublicText: 'You can join again at any time.',
  leavePrivateText: 'Someone will have to add you again.',
};
