// Simplified Chinese.
import { formatNumber } from '../../i18n/format';
import type { en } from './texts.en';

export const zhHans: typeof en = {
  invitations: '房间邀请',
  askedBy: (name) => `${name} 邀请你加入`,
  askedSaid: (name, room) => `${name} 邀请你加入 ${room}。`,
  askedMany: (n) => `${formatNumber(n)} 个房间邀请`,
  accept: '接受',
  acceptOf: (room) => `接受：加入 ${room}`,
  decline: '拒绝',
  declineOf: (room) => `拒绝：不加入 ${room}`,
  declineAsk: (room) => `拒绝加入 ${room}？`,
  declineText: '以后要加入，需要有人再次邀请你。',
  declined: '已拒绝，对方不会得知。',
};
