// Simplified Chinese. The compiler sees to it that no key is missing.
import { formatList, formatNumber } from './format';
import type { Dict } from './index';

export { zhHansLater } from './zh-Hans-later';

export const zhHans: Dict = {
  // common
  close: '关闭',
  delete: '删除',
  retry: '重试',
  edit: '编辑',
  loading: '正在加载…',

  // room: header, join bar, states
  roomMembers: (n) => `${formatNumber(n)} 位成员`,
  roomShowMembers: '显示成员',
  roomHideMembers: '隐藏成员',
  roomBack: '返回房间列表',
  roomNoLonger: (room) => `你已不再是 ${room} 的成员。`,
  roomPreview: '你正在浏览这个房间，还不是成员。',
  roomJoin: '加入房间',
  roomPostersOnly: (names) => (names ? `只有${names}可以在这里发言。` : '只有管理员可以在这里发言。'),
  roomEmpty: '这里还没有消息，来发第一条吧。',
  roomEmptyQuiet: '这里还没有消息。',
  roomStart: (room) => `${room} 从这里开始。`,
  roomLoadFailed: '消息加载失败。',
  roomStartDirect: (names) => `你和 ${names} 的对话从这里开始。`,
  messagesLabel: (room) => `${room} 中的消息`,

  // messages
  edited: '已编辑',
  deleted: '此消息已删除。',
  queued: '等待发送',
  notSentWhy: (why) => `未发送：${why}`,
  discard: '删除',
  rowLabel: (name, time) => `${name}，${time}`,
  unreadLine: '新消息',
  react: '添加表情回应',
  reactWith: (emoji) => `用 ${emoji} 回应`,
  reactionBy: (emoji, names) => `${emoji}：${formatList(names)}`,
  reactionCount: (emoji, n) => `${emoji}，${formatNumber(n)} 个回应`,
  whoReacted: '谁作了回应',
  showMore: '展开全文',
  showLess: '收起',
  more: '更多操作',
  copyLink: '复制链接',
  copyText: '复制文字',
  copied: '已复制',
  copyFailed: '此处无法自动复制。文字已选中，请手动复制。',
  markUnread: '从这里标为未读',
  editMessage: '编辑消息',
  deleteMessage: '删除消息',
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

  // shared by forms and dialogs
  back: '返回',
  done: '完成',
  language: '语言',

  // accounts: set-up, sign-in, registration
  accountName: '登录名',
  accountPassword: '密码',
  accountPasswordShort: '密码至少要有 8 个字符。',
  accountPasswordLong: '密码太长了。',
  accountNameWrong: '请用 1 到 64 个字母、数字或 . _ -，不能全是数字。',
  accountFillIn: '请填写此项。',
  signInTitle: (server) => `登录 ${server}`,
  signIn: '登录',
  signInNew: '第一次来？',
  signInRegister: '创建账号',
  signInAskInvite: '加入需要邀请链接，请向已经在这里的人索取。',
  signInEnded: '登录已失效，请重新登录。',
  signInBanned: '此账号已无法登录。',
  register: '创建账号',
  setupStep: (n, of) => `第 ${n} 步，共 ${of} 步`,

  // notifications: the entry, the words for a screen reader
  notifications: '通知',
  notificationsUnread: (n) => `${formatNumber(n)} 条未读`,
  newNotifications: (n) => `${formatNumber(n)} 条新通知`,
  bot: '机器人',

  // shell
  regionRooms: '房间',
  online: (n) => `${formatNumber(n)} 人在线`,
  menuOf: (server) => `${server} 的菜单`,
  settings: '设置',
  serverSettings: '服务器设置',
  signOut: '退出登录',
  jumpTo: '跳转到…',
  jumpToShort: '跳转到房间或联系人',
  newVersion: '新版本已就绪。',
  welcomeTitle: (name) => `欢迎，${name}`,
  welcomeText: '选择一个房间继续阅读。',
  welcomeEmptyText: '你还没有加入任何房间。',
  notFoundTitle: '这里什么也没有',
  notFoundText: '地址可能有误，或者页面已不存在。',
  notFoundHome: '前往房间',

  // room list
  listRooms: '房间',
  listDirects: '私信',
  listNoRooms: '还没有房间。',
  listNoDirects: '还没有对话。',
  listBrowse: '浏览房间',
  listUnread: (name, n) => `${name}，${formatNumber(n)} 条未读消息`,
  listDraft: '草稿',
  presenceOnline: '在线',
  presenceAway: '离开',
  presenceOffline: '离线',

  // rooms: make, browse, rename
  createRoom: '创建房间',
  editRoom: '房间设置',

  // people
  directTitle: '新对话',
  addPeople: '添加成员',
  add: '添加',
  membersMore: (name) => `关于 ${name}`,
  message: '发消息',

  // invites
  inviteTitle: '邀请加入',

  // server
  serverName: '名称',

  // shortcuts
  shortcuts: '键盘快捷键',

  // failures
  failBadRequest: '服务器无法理解该请求。',
  failInvalid: '无法使用这个内容。',
  failSignedOut: '你已退出登录。',
  failWrongCredentials: '登录名或密码错误。',
  failForbidden: '你没有权限执行此操作。',
  failNotFound: '内容不存在，或者你无权查看。',
  failNameTaken: '这个名称已被使用。',
  failAlreadySetUp: '此服务器已完成设置。',
  failClientIDReused: '这条消息已经以不同的内容发送过。',
  failLastOwner: '请先指定另一位所有者。',
  failDeleted: '这条消息已被删除。',
  failMessageTooLong: (n) => `消息超过了 ${formatNumber(n)} 个字符。`,
  failTooManyReactions: (n) => `一条消息最多有 ${formatNumber(n)} 种表情回应。`,
  failTooManyPeople: (n) => `最多 ${formatNumber(n)} 人。`,
  failTooManyRooms: (n) => `一个人最多可加入 ${formatNumber(n)} 个房间。`,
  failTooManyAttempts: (seconds) => `尝试次数过多，请在 ${formatNumber(seconds)} 秒后再试。`,
  failRateLimited: '操作太快了，请稍等片刻。',
  failServer: '服务器暂时无法处理，请稍后再试。',
  failOffline: '无法连接到服务器。',
};
