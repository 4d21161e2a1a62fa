// Simplified Chinese.
import { formatNumber } from '../../i18n/format';
import type { en } from './texts.en';

export const zhHans: typeof en = {
  add: '添加',
  message: '发消息',
  addPeopleTo: (room) => `添加成员到 ${room}`,
  addedPeople: (n) => `已添加 ${formatNumber(n)} 人`,
  everyoneHere: '所有人都已在这里',
  everyoneHereText: '邀请新的人加入服务器吧。',
  membersTitle: '成员',
  membersCount: (members, online) =>
    `${formatNumber(members)} 人${online === undefined ? '' : ` · ${formatNumber(online)} 人在线`}`,
  askedTitle: '已邀请，尚未加入',
  askedMore: '还有其他人。',
  makeOwner: '设为房间所有者',
  makeOwnerAsk: (name, room) => `让 ${name} 成为 ${room} 的所有者？`,
  makeOwnerText: '房间的所有者可以将人移出（包括你）、删除他人的消息，还可以归档房间或将其永久删除。',
  makeMember: '设为成员',
  manageAccount: '管理账号',
  removeFromRoom: '移出房间',
  removeAsk: (name, room) => `将 ${name} 移出 ${room}？`,
  removePublicText: '对方随时可以重新加入。',
  removePrivateText: '对方将看不到这个房间，成员可以再次添加。',
  removedFromRoom: (name) => `已将 ${name} 移出房间。`,
  hideRoom: '隐藏，直到有新消息',
  leaveGroupText: '其他人保留这段对话。同样的人以后会开始一段新对话。',
  leaveLastText: '你是最后一位成员，退出后房间将被归档。',
  leaveRoom: '退出房间',
  leaveRoomAsk: (room) => `要退出 ${room} 吗？`,
  leavePublicText: '你随时可以重新加入。',
  leavePrivateText: '之后需要有人重新添加你。',
};
