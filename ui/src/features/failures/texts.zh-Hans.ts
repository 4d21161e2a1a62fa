// Simplified Chinese.
import { formatNumber } from '../../i18n/format';
import type { en } from './texts.en';

export const zhHans: typeof en = {
  failBadRequest: '服务器无法理解该请求。',
  failInvalid: '无法使用这个内容。',
  failSignedOut: '你已退出登录。',
  failWrongCredentials: '登录名或密码错误。',
  failForbidden: '你没有权限执行此操作。',
  failOrigin: (address) =>
    `服务器认为此页面属于另一个网站。请服务器的管理者用 --url ${address} 启动它，或用 --trusted-proxy 指明它前面的代理。`,
  failHost: (name) =>
    `服务器不使用 ${name} 这个名称。如果名称正确，请服务器的管理者运行：parley host add ${name}`,
  failNotFound: '内容不存在，或者你无权查看。',
  failNameTaken: '这个名称已被使用。',
  failAlreadySetUp: '此服务器已完成设置。',
  failClientIDReused: '这条消息已经以不同的内容发送过。',
  failArchived: '此房间已归档，只能阅读，不能再更改。',
  failLastOwner: '请先指定另一位所有者。',
  failDeleted: '这条消息已被删除。',
  failMessageTooLong: (n) => `消息超过了 ${formatNumber(n)} 个字符。`,
  failTooManyReactions: (n) => `一条消息最多有 ${formatNumber(n)} 种表情回应。`,
  failTooManyPeople: (n) => `最多 ${formatNumber(n)} 人。`,
  failTooManyReports: '尚未处理的举报太多。请等管理员处理一些后再试。',
  failTooManyRooms: (n) => `超过了每人 ${formatNumber(n)} 个房间的上限。`,
  failTooManyInvitations: (n) => `等待答复的邀请将超过 ${formatNumber(n)} 个的上限。`,
  failTooManyAttempts: (seconds) => `尝试次数过多，请在 ${formatNumber(seconds)} 秒后再试。`,
  failRateLimited: '操作太快了，请稍等片刻。',
  failServer: '服务器暂时无法处理，请稍后再试。',
  failOffline: '无法连接到服务器。',
};
