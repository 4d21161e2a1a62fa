// Simplified Chinese.
import { formatNumber } from '../../i18n/format';
import type { en } from './texts.en';

export const zhHans: typeof en = {
  sentences: (all) => all.join(''),
  roomMembers: (n) => `${formatNumber(n)} 位成员`,
  loading: '正在加载…',
  roomBack: '返回房间列表',
  roomJoin: '加入房间',
  reactionCount: (emoji, n) => `${emoji}，${formatNumber(n)} 个回应`,
  whoReacted: '谁回应了',
  copyText: '复制文字',
  newMessages: (n) => `${formatNumber(n)} 条新消息`,
  said: (name, text) => `${name}：${text}`,
  notifications: '通知',
  settings: '设置',
  signOut: '退出登录',
  jumpToShort: '跳转到房间或联系人',
  listBrowse: '浏览房间',
  listUnread: (name, n) => `${name}，${formatNumber(n)} 条未读消息`,
  createRoom: '创建房间',
  editRoom: '房间设置',
  directTitle: '新对话',
  addPeople: '添加成员',
  membersMore: (name) => `关于 ${name}`,
  inviteTitle: '邀请加入',
  shortcuts: '键盘快捷键',
  roleOwner: '所有者',
  roleAdmin: '管理员',
  offline: '离线',
};
