// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  close: '关闭',
  retry: '重试',
  reload: '重新加载',
  notLoaded: '这部分内容加载失败。',
  discard: '删除',
  showMore: '展开全文',
  showLess: '收起',
  more: '更多操作',
  copied: '已复制',
  copyFailed: '此处无法自动复制。文字已选中，请手动复制。',
  done: '完成',
  fillIn: '请填写此项。',
  cancel: '取消',
  save: '保存',
  copy: '复制',
  noMatches: '没有找到',
  saved: '已保存',
};
