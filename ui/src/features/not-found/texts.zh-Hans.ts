// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  notFoundTitle: '找不到页面',
  notFoundHere: '这里什么也没有',
  notFoundText: '地址可能有误，或者页面已不存在。',
  notFoundHome: '前往房间列表',
  noRoomTitle: '找不到房间',
  noRoomText: '这个房间不存在，或者你无权查看。',
};
