// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  language: 'Language',
  settingsProfile: 'Profile',
  settingsAppearance: 'Appearance',
  settingsTheme: 'Theme',
  themeSystem: 'Like the system',
  themeLight: 'Light',
  themeDark: 'Dark',
  languageSystem: 'Like the browser',
  settingsAccessibility: 'Accessibility',
  settingsAnnounce: 'Read new messages aloud',
  settingsAnnounceHint:
    'With a screen reader: speaks messages that arrive in the open room, and notifications.',
  settingsPassword: 'Password',
  settingsCurrentPassword: 'Current password',
  settingsNewPassword: 'New password',
  settingsEndTokens: 'Also end the tokens that I made for programs',
  settingsEndTokensHint: 'Choose this if somebody else may have used your account.',
  settingsChangePassword: 'Change password',
  settingsPasswordHint: 'You stay signed in here and are signed out everywhere else.',
  settingsPasswordChanged: 'Password changed. You are signed out everywhere else.',
  settingsPasswordWrong: 'That is not your current password.',
  settingsBlocked: 'Blocked people',
  settingsSession: 'This browser',
  settingsVersion: (version: string) => `Parley ${version}`,
};
