// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  keepTitle: (room) => `管理 ${room}`,
  keepArchive: '归档',
  keepArchiveText: '大家仍可阅读此房间，但不能再发言。它的名称可供其他房间使用。',
  keepUnarchive: '恢复使用',
  keepUnarchiveText: '大家可以重新在房间里发言。',
  keepPrivate: '设为私密',
  keepPrivateAsk: (room) => `将 ${room} 设为私密？`,
  keepPrivateText: '从现在起只有成员能看到此房间，以后也不能再公开。',
  keepDelete: '永久删除',
  keepDeleteText: (word) => `要永久删除此房间及所有人的消息，请输入 ${word}。`,
  keepDeleteFirst: '删除之前请先归档。',
  keepConfirm: (word) => `输入 ${word}`,
  keepDeleted: '房间已删除。',
};
