// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  block: '屏蔽',
  blockAsk: (name) => `屏蔽 ${name}？`,
  blockText: '你们不能再互发私信，对方不能把你加入房间，也不能通知你，其消息会对你折叠。对方不会得知。',
  blockDone: (name) => `已屏蔽 ${name}。`,
  unblock: '取消屏蔽',
  unblockOf: (name) => `取消屏蔽 ${name}`,
  unblockDone: (name) => `已取消屏蔽 ${name}。`,
  blockedLine: (name) => `你已屏蔽 ${name}，你们都不能在这里发言。`,
  blockedNone: '你没有屏蔽任何人。要屏蔽某人，请点击消息旁的名字。',
};
