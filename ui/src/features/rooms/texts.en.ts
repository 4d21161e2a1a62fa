// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  roomShowMembers: 'Show members',
  roomHideMembers: 'Hide members',
  roomNoLonger: (room: string) => `You are no longer a member of ${room}.`,
  listRooms: 'Rooms',
  listFavorites: 'Favorites',
  favoriteAdd: 'Add to favorites',
  favoriteRemove: 'Remove from favorites',
  moreUnread: 'More unread',
  listDirects: 'Direct messages',
  listNoRooms: 'No rooms yet.',
  listNoDirects: 'No conversations yet.',
  listDraft: 'Draft',
};
