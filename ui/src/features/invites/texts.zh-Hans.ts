// Simplified Chinese.
import { formatNumber } from '../../i18n/format';
import type { en } from './texts.en';

export const zhHans: typeof en = {
  inviteText: '任何人都可以凭链接在这里创建账号。',
  linkLeadsHere: (port) =>
    `别人打不开这个链接：它指向打开它的那台电脑。请用 --listen :${port} 启动 Parley，通过本机地址（例如 http://192.168.1.20:${port}）打开它，再生成链接；或者用 --url 设置别人使用的地址。`,
  inviteLink: '邀请链接',
  inviteMake: '生成链接',
  inviteUses: '可用人数',
  inviteUsesAny: '不限人数',
  inviteUsesCount: (n) => `${formatNumber(n)} 人`,
  inviteExpires: '有效期',
  inviteDays: (n) => `${formatNumber(n)} 天`,
  inviteQr: '邀请链接的二维码',
  inviteShownOnce: '请现在复制，之后不会再显示。',
  inviteActive: '有效的链接',
  inviteNone: '没有邀请链接',
  inviteBy: (name, date) => `${name} 创建，${date} 到期`,
  inviteUsed: (uses, most) =>
    most ? `已用 ${formatNumber(uses)} / ${formatNumber(most)}` : `已用 ${formatNumber(uses)} 次`,
  inviteRevoke: '撤回',
  inviteRevokeAsk: '撤回这个链接？',
  inviteRevokeText: '之后不能再用它创建账号。已经创建的账号不受影响。',
  inviteRevoked: '这个链接已失效。',
};
