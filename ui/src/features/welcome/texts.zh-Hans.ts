// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  welcomeTitle: (name) => `欢迎，${name}`,
  welcomeText: '选择一个房间继续阅读。',
  welcomeEmptyText: '你还没有加入任何房间。',
};
