// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  delete: '删除',
  editLabel: '编辑你的消息',
  editHint: '按 Enter 保存，按 Esc 取消',
  deleteTitle: '删除这条消息？',
  deleteText: '删除后，所有人都将看不到它。',
};
