// Simplified Chinese. The compiler sees to it that no key is missing.
import { formatList, formatNumber } from './format';
import type { Dict } from './index';

export const zhHans: Dict = {
  // common
  cancel: '取消',
  close: '关闭',
  save: '保存',
  delete: '删除',
  retry: '重试',
  edit: '编辑',
  loading: '正在加载…',

  // room: header, join bar, states
  roomMembers: (n) => `${formatNumber(n)} 位成员`,
  roomShowMembers: '显示成员',
  roomHideMembers: '隐藏成员',
  roomBack: '返回房间列表',
  roomMissing: '这个房间不存在，或者你无权查看。',
  roomToList: '前往房间列表',
  roomPreview: '你正在浏览这个房间，还不是成员。',
  roomJoin: '加入房间',
  roomPostersOnly: (names) => (names ? `只有${names}可以在这里发言。` : '只有房主可以在这里发言。'),
  roomEmpty: '这里还没有消息，来发第一条吧。',
  roomEmptyQuiet: '这里还没有消息。',
  roomStart: (room) => `${room} 从这里开始。`,
  roomLoadFailed: '消息加载失败。',
  messagesLabel: (room) => `${room} 中的消息`,

  // messages
  edited: '已编辑',
  deleted: '此消息已删除。',
  queued: '等待发送',
  sending: '正在发送',
  notSent: '未发送',
  notSentWhy: (why) => `未发送：${why}`,
  discard: '删除',
  rowLabel: (name, time) => `${name}，${time}`,
  unreadLine: '新消息',
  react: '添加表情回应',
  reactWith: (emoji) => `用 ${emoji} 回应`,
  reactionBy: (emoji, names) => `${emoji}：${formatList(names)}`,
  reactionCount: (emoji, n) => `${emoji}，${formatNumber(n)} 个回应`,
  more: '更多操作',
  copyLink: '复制链接',
  copyText: '复制文字',
  copied: '已复制',
  copyFailed: '此处无法自动复制。文字已选中，请手动复制。',
  markUnread: '从这里标为未读',
  editMessage: '编辑消息',
  editLabel: '编辑你的消息',
  editHint: '按 Enter 保存，按 Esc 取消',
  deleteMessage: '删除消息',
  deleteTitle: '删除这条消息？',
  deleteText: '删除后，所有人都将看不到它。',
  toolbar: '消息操作',
  today: '今天',
  yesterday: '昨天',

  // composer
  composerLabel: (room) => `发送到 ${room} 的消息`,
  composerPlaceholder: (room) => `发消息到 ${room}`,
  send: '发送',
  emoji: '表情',
  tooLong: (over) => `超出 ${formatNumber(over)} 个字符`,

  // unread bar, pill
  newSince: (n, time) => `${time} 以来有 ${formatNumber(n)} 条新消息`,
  jump: '跳转',
  markRead: '标为已读',
  newMessages: (n) => `${formatNumber(n)} 条新消息`,
  jumpToPresent: '回到最新消息',

  // typing
  typing: (names) => `${formatList(names)}正在输入…`,
  typingMany: '多人正在输入…',

  // connection
  reconnecting: '正在重新连接…',
  offlineNow: '你已离线。恢复连接后会自动发送你写的内容。',
  retryNow: '立即重试',
  connectionLost: '连接已断开，正在重新连接。',
  connectionStopped: '服务器已断开连接。请重新加载页面再试。',
  reload: '重新加载',

  // announcer
  said: (name, text) => `${name}：${text}`,

  // failures
  failBadRequest: '服务器无法理解该请求。',
  failInvalid: '无法使用这个内容。',
  failSignedOut: '你已退出登录。',
  failWrongCredentials: '用户名或密码错误。',
  failForbidden: '你没有权限执行此操作。',
  failNotFound: '内容不存在，或者你无权查看。',
  failNameTaken: '这个名称已被使用。',
  failAlreadySetUp: '此服务器已完成设置。',
  failClientIDReused: '这条消息已经以不同的内容发送过。',
  failLastOwner: '请先指定另一位房主。',
  failDeleted: '这条消息已被删除。',
  failMessageTooLong: (n) => `消息超过了 ${formatNumber(n)} 个字符。`,
  failTooManyReactions: (n) => `一条消息最多有 ${formatNumber(n)} 种表情回应。`,
  failTooManyPeople: (n) => `最多 ${formatNumber(n)} 人。`,
  failTooManyAttempts: (seconds) => `尝试次数过多，请在 ${formatNumber(seconds)} 秒后再试。`,
  failRateLimited: '操作太快了，请稍等片刻。',
  failServer: '服务器暂时无法处理，请稍后再试。',
  failOffline: '无法连接到服务器。',
};
