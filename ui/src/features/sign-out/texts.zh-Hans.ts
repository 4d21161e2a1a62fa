// Simplified Chinese.
import { formatNumber } from '../../i18n/format';
import type { en } from './texts.en';

export const zhHans: typeof en = {
  signOutAsk: '要退出登录吗？',
  signOutUnsent: (n) => `还有 ${formatNumber(n)} 条消息没有发出，退出后将会丢失。`,
  signOutDrafts: (n) => `还有 ${formatNumber(n)} 条草稿，退出后在此浏览器的所有标签页中都会丢失。`,
};
