// Simplified Chinese.
import { formatNumber } from '../../i18n/format';
import type { en } from './texts.en';

export const zhHans: typeof en = {
  directSearch: '查找人员',
  directMost: (n) => `最多选择 ${formatNumber(n)} 位其他人。`,
  picked: (n) => `已选 ${formatNumber(n)} 人`,
  removePick: (name) => `移除 ${name}`,
  you: '你',
  waitingFor: (names) => `等待 ${names} 接受邀请。`,
};
