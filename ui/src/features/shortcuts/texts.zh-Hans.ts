// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  shortcutGroups: { move: '移动', write: '书写', read: '阅读' },
  shortcutSwitcher: '跳转到房间或联系人',
  shortcutRooms: '上一个或下一个房间',
  shortcutUnread: '上一个或下一个未读房间',
  shortcutRegions: '窗口的下一个区域',
  shortcutHelp: '打开此列表',
  shortcutSend: '发送',
  shortcutBreak: '换行',
  shortcutEditLast: '编辑自己的上一条消息',
  shortcutCancel: '取消、关闭',
  shortcutMarkRead: '将房间标为已读',
  shortcutNewest: '跳到最新消息',
  shortcutMessages: '在消息之间移动',
  shortcutCommands: '这里没有命令。以 /join 之类开头的文字不会直接发送；在前面加一个空格即可发送。',
  shortcutEmpty: '输入框为空时',
};
