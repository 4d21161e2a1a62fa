// Simplified Chinese.
import type { en } from './texts.en';

export const zhHans: typeof en = {
  language: '语言',
  settingsProfile: '个人资料',
  settingsAppearance: '外观',
  settingsTheme: '主题',
  themeSystem: '跟随系统',
  themeLight: '浅色',
  themeDark: '深色',
  languageSystem: '跟随浏览器',
  settingsAccessibility: '无障碍',
  settingsAnnounce: '朗读新消息',
  settingsAnnounceHint: '使用屏幕阅读器时，朗读当前房间收到的消息，以及通知。',
  settingsPassword: '密码',
  settingsCurrentPassword: '当前密码',
  settingsNewPassword: '新密码',
  settingsEndTokens: '同时停用我为程序创建的令牌',
  settingsEndTokensHint: '如果别人可能用过你的账号，请选中此项。',
  settingsChangePassword: '更改密码',
  settingsPasswordHint: '你在这里保持登录，其他设备都会退出登录。',
  settingsPasswordChanged: '密码已更改，其他设备均已退出登录。',
  settingsPasswordWrong: '当前密码不正确。',
  settingsBlocked: '已屏蔽的人',
  settingsSession: '此浏览器',
  settingsVersion: (version) => `Parley ${version}`,
};
