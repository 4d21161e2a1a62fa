// Simplified Chinese.
import { formatNumber } from '../../i18n/format';
import type { en } from './texts.en';

export const zhHans: typeof en = {
  allRoomsText: '归档或删除任何房间，或将人移出。只有身在其中，才能看到里面说了什么。',
  allRoomsFailed: '无法加载房间。',
  allRoomsMore: '显示更多',
  allRoomsNumber: (id) => `房间 ${id}`,
  allRoomsKind: { public: '公开房间', private: '私密房间', direct: '私信', announcements: '公告' },
  allRoomsMessages: (n) => `${formatNumber(n)} 条消息`,
  allRoomsSize: (kilobytes) => `约 ${formatNumber(kilobytes)} KB`,
  allRoomsMade: (date) => `创建于 ${date}`,
  allRoomsArchived: (date) => `归档于 ${date}`,
  allRoomsOwners: (names) => `所有者：${names}`,
  allRoomsOwnerGone: (name) => `${name}（已停用）`,
  allRoomsLook: '管理',
  allRoomsLookAt: (room) => `管理 ${room}`,
  allRoomsPeople: '房间里的人',
  allRoomsTakeOut: '移出',
  allRoomsTakeOutOf: (name) => `移出 ${name}`,
  allRoomsTakeOutAsk: (name, room) => `将 ${name} 移出 ${room}？`,
  allRoomsTakeOutText: '除非房间里有人再次添加，对方将看不到里面说了什么。',
  allRoomsTakenOut: (name) => `${name} 已不在房间里。`,
  allRoomsPlain: '成员',
  allRoomsOwnerOf: (name) => `${name} 在房间里的身份`,
};
