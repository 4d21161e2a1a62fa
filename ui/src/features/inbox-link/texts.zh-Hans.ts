// Simplified Chinese.
import { formatNumber } from '../../i18n/format';
import type { en } from './texts.en';

export const zhHans: typeof en = {
  notificationsUnread: (n) => `${formatNumber(n)} 条未读`,
  newNotifications: (n) => `${formatNumber(n)} 条新通知`,
};
