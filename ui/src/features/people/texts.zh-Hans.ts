// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  bot: '机器人',
  deactivated: '已停用',
  presenceOnline: '在线',
  presenceAway: '离开',
  presenceOffline: '离线',
  presenceUnknown: '状态未知',
};
