// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  notificationsNone: 'Nothing to tell you yet',
  notificationsNoneText:
    'What programs on this server tell you, as an order on its way or a build that failed, waits here.',
  notificationsFailed: 'The notifications could not be loaded.',
  notificationsOlder: 'Show older ones',
  notificationsReadAll: 'Mark all as read',
  notificationRead: (title: string) => `Mark as read: ${title}`,
  notificationReport: 'A message was reported',
  notificationUnread: 'Unread',
  notificationNewTab: 'opens in a new tab',
};
