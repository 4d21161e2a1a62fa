// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  accountName: '登录名',
  accountPassword: '密码',
  accountPasswordShort: '密码至少要有 8 个字符。',
  accountPasswordLong: '密码太长了。',
  accountNameWrong: '请用同一种文字的字母、数字，中间可用 . _ -；不能全是数字。',
  signIn: '登录',
  accountDisplayName: '你的名字',
  accountDisplayNameHint: '别人看到的名字。',
  accountPasswordHint: '至少 8 个字符。',
};
