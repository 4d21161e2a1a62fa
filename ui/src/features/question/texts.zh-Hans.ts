// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  discardAsk: '删除你写的内容？',
  discardText: '它还没有发送，别人那里也没有。',
};
