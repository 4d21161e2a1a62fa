// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  search: '搜索',
  pickerTitle: '选择表情',
  pickerSearch: '搜索表情',
  pickerRecent: '最近使用',
  pickerGroups: ['笑脸', '人物', '动物与自然', '食物', '旅行', '活动', '物品', '符号', '旗帜'],
  pickerFailed: '表情加载失败。',
};
