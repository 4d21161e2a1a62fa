// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  roomShowMembers: '显示成员',
  roomHideMembers: '隐藏成员',
  roomNoLonger: (room) => `你已不再是 ${room} 的成员。`,
  listRooms: '房间',
  listFavorites: '收藏',
  favoriteAdd: '加入收藏',
  favoriteRemove: '取消收藏',
  moreUnread: '还有未读',
  listDirects: '私信',
  listNoRooms: '还没有房间。',
  listNoDirects: '还没有对话。',
  listDraft: '草稿',
};
