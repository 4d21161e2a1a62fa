// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  signInTitle: (server) => `登录 ${server}`,
  signInNew: '第一次来？',
  signInRegister: '创建账号',
  signInAskInvite: '加入需要邀请链接，请向已经在这里的人索取。',
  signInForgot: '忘记密码？请向服务器的所有者或管理员索取链接。',
  signInEnded: '登录已失效，请重新登录。',
  signInBanned: '此账号已无法登录。',
  setupStep: (n, of) => `第 ${n} 步，共 ${of} 步`,
};
