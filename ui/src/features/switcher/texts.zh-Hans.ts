// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  switcherPlaceholder: '房间或联系人',
  switcherHint: '↑ ↓ 选择，回车打开',
};
