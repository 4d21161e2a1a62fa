// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  shortcutGroups: { move: 'Move around', write: 'Write', read: 'Read' },
  shortcutSwitcher: 'Jump to a room or person',
  shortcutRooms: 'Previous or next room',
  shortcutUnread: 'Previous or next unread room',
  shortcutRegions: 'Next part of the window',
  shortcutHelp: 'This list',
  shortcutSend: 'Send',
  shortcutBreak: 'New line',
  shortcutEditLast: 'Edit your last message',
  shortcutCancel: 'Cancel, close',
  shortcutMarkRead: 'Mark the room as read',
  shortcutNewest: 'To the newest message',
  shortcutMessages: 'Move between messages',
  shortcutCommands:
    'There are no commands. A text that begins like one, such as /join, is not sent at once. With a space before it, it is.',
  shortcutEmpty: 'with nothing written',
};
