// English, and the type of the other languages. Functions take arguments; plural picks a form by number.
import { formatNumber, plural } from '../../i18n/format';

export const en = {
  allRoomsText:
    'Archive or delete any room, and take people out of it. You see what is said there only if you are in it.',
  allRoomsFailed: 'The rooms could not be loaded.',
  allRoomsMore: 'Show more',
  allRoomsNumber: (id: number) => `Room ${id}`,
  allRoomsKind: {
    public: 'public room',
    private: 'private room',
    direct: 'direct room',
    announcements: 'announcements',
  },
  allRoomsMessages: (n: number) =>
    plural(n, { one: `${formatNumber(n)} message`, other: `${formatNumber(n)} messages` }),
  allRoomsSize: (kilobytes: number) => `about ${formatNumber(kilobytes)} KB`,
  allRoomsMade: (date: string) => `made ${date}`,
  allRoomsArchived: (date: string) => `Archived ${date}`,
  allRoomsOwners: (names: string) => `Owners: ${names}`,
  allRoomsOwnerGone: (name: string) => `${name} (deactivated)`,
  allRoomsLook: 'Look after',
  allRoomsLookAt: (room: string) => `Look after ${room}`,
  allRoomsPeople: 'People in it',
  allRoomsTakeOut: 'Take out',
  allRoomsTakeOutOf: (name: string) => `Take out ${name}`,
  allRoomsTakeOutAsk: (name: string, room: string) => `Take ${name} out of ${room}?`,
  allRoomsTakeOutText: 'They no longer see what is said there, unless somebody in the room adds them again.',
  allRoomsTakenOut: (name: string) => `${name} is no longer in the room.`,
  allRoomsPlain: 'Member',
  allRoomsOwnerOf: (name: string) => `What ${name} is in the room`,
};
