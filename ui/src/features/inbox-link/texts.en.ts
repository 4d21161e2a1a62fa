// English, and the type of the other languages. Functions take arguments; plural picks a form by number.
import { formatNumber } from '../../i18n/format';

export const en = {
  notificationsUnread: (n: number) => `${formatNumber(n)} unread`,
  newNotifications: (n: number) => `${formatNumber(n)} new notifications`,
};
