// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  create: '创建',
  optional: '选填',
  createRoomName: '名称',
  createRoomNameHint: '可用字母、汉字、数字以及 . _ -，不含空格。',
  createRoomTopic: '主题',
  createRoomTopicHint: '这个房间聊些什么。',
  createRoomKind: '谁能看到',
  createRoomPublic: '所有人',
  createRoomPublicHint: '服务器上的任何人都能找到并加入。',
  createRoomPrivate: '仅限成员',
  createRoomPrivateHint: '由成员添加他人，其他人看不到这个房间。',
  editRoomKeep: '归档或删除…',
  browseTitle: '浏览房间',
  browseSearch: '查找公开房间',
  browseJoined: '已加入',
  browseOpen: '打开',
  browseMore: '还有更多房间，请搜索查找。',
  browseEmpty: '还没有公开房间',
  browseEmptyText: '创建第一个房间，其他人就可以加入。',
};
