// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  roomPreview: '你正在浏览这个房间，还不是成员。',
  roomPostersOnly: (names) => (names ? `只有${names}可以在这里发言。` : '只有管理员可以在这里发言。'),
  roomArchived: '此房间已归档，可以阅读，但不能发言。',
  draftKept: '你正在这里写的内容',
};
