// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  register: '创建账号',
  accountNameHint: '可用各种文字的字母、数字以及 . _ -',
  registerTitle: (server) => `加入 ${server}`,
  registerInvitedBy: (name) => `${name} 邀请你加入。`,
  registerOpen: '任何人都可以加入这个服务器。',
  registerHave: '已经有账号了？',
  inviteGone: '这个邀请已失效',
  inviteGoneText: '它可能已用完、过期或被撤回，请索取新的链接。',
  registrationClosed: '这个服务器暂不接受新账号',
  setupTitle: '设置你的服务器',
  setupText: '给它起个名字，再创建你自己的账号。你将是所有者。',
  setupServerName: '服务器名称',
  setupServerNameHint: '比如你的团队、家庭或社团。',
  setupCode: '设置码',
  setupCodeHint: '服务器启动时输出的链接的末尾部分。',
  setupCodeWrong: '这个设置链接无效，请使用服务器日志里最新的链接。',
  setupSubmit: '开始使用',
  setupInviteTitle: '邀请大家加入',
  setupInviteText: '7 天内，任何人都可以凭这个链接加入。',
  setupInviteLater: '以后再邀请',
};
