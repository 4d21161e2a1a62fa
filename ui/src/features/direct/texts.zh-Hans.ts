// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  directStart: '开始',
  directAlone: '这里只有你一个人',
  directAloneText: '邀请大家加入，就可以互相聊天了。',
};
