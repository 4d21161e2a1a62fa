// English, and the type of the other languages.
export const en = {
  notFoundTitle: 'Not found',
  notFoundHere: 'There is nothing here',
  notFoundText: 'The address may be mistyped, or the page is gone.',
  notFoundHome: 'To the rooms',
  noRoomTitle: 'No such room',
  noRoomText: 'This room does not exist, or it is not for you to see.',
};
