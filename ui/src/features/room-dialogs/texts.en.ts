// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  create: 'Create',
  optional: 'optional',
  createRoomName: 'Name',
  createRoomNameHint: 'Letters, digits, and . _ - without spaces.',
  createRoomTopic: 'Topic',
  createRoomTopicHint: 'What the room is about.',
  createRoomKind: 'Who can see it',
  createRoomPublic: 'Everyone',
  createRoomPublicHint: 'Anyone on the server can find it and join.',
  createRoomPrivate: 'Only members',
  createRoomPrivateHint: 'Members add people. Nobody else sees that it exists.',
  editRoomKeep: 'Archive or delete…',
  browseTitle: 'Browse rooms',
  browseSearch: 'Find a public room',
  browseJoined: 'Joined',
  browseOpen: 'Open',
  browseMore: 'There are more rooms. Search to find them.',
  browseEmpty: 'No public rooms yet',
  browseEmptyText: 'Create the first one and others can join it.',
};
