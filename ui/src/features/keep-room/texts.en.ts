// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  keepTitle: (room: string) => `Look after ${room}`,
  keepArchive: 'Archive',
  keepArchiveText: 'People still read the room, and nobody writes in it. Its name is free for another room.',
  keepUnarchive: 'Bring back',
  keepUnarchiveText: 'People write in the room again.',
  keepPrivate: 'Make private',
  keepPrivateAsk: (room: string) => `Make ${room} private?`,
  keepPrivateText: 'Only its members see the room from now on. It never becomes public again.',
  keepDelete: 'Delete for ever',
  keepDeleteText: (word: string) =>
    `To delete the room with all its messages, for everyone and for ever, type ${word}.`,
  keepDeleteFirst: 'Archive the room before you delete it.',
  keepConfirm: (word: string) => `Type ${word}`,
  keepDeleted: 'The room is deleted.',
};
