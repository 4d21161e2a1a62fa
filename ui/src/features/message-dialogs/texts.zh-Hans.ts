// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  delete: '删除',
  linkCopiedHere: '已复制。这个链接指向打开它的那台电脑，别人打不开。',
  editLabel: '编辑你的消息',
  editHint: '按 Enter 保存，按 Esc 取消',
  deleteTitle: '删除这条消息？',
  deleteText: '删除后，所有人都将看不到它。',
  deleteOthersText: (name) => `这条消息由 ${name} 撰写。删除后，所有人都将看不到它，原处会显示是你删除的。`,
  reportTitle: '举报这条消息',
  reportText: '此服务器的所有者和管理员将看到这条消息及其前后的几条消息，以及是你举报的。其他人不会知道。',
  reportReason: '有什么问题？',
  reportReasonHint: '可以留空。',
  report: '举报',
  reported: '已举报这条消息。',
};
