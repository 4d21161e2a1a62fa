// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  wideTable: '表格，可横向滚动',
  wideCode: '代码，可横向滚动',
};
