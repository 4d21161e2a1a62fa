// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  notificationsNone: '还没有通知',
  notificationsNoneText: '服务器上的程序要告诉你的事，比如订单发货、构建失败，都会放在这里。',
  notificationsFailed: '通知加载失败。',
  notificationsOlder: '显示更早的通知',
  notificationsReadAll: '全部标为已读',
  notificationRead: (title) => `标为已读：${title}`,
  notificationReport: '有消息被举报',
  notificationUnread: '未读',
  notificationNewTab: '在新标签页中打开',
};
