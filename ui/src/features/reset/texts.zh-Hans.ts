// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  resetTitle: '设置新密码',
  resetFor: (name, login) => `账号：${name}（@${login}）。其他设备都会退出登录。`,
  resetPassword: '新密码',
  resetSave: '保存并登录',
  resetGone: '此链接已失效',
  resetGoneText: '链接一小时内有效，且只能使用一次。请向服务器管理员索取新的链接。',
};
