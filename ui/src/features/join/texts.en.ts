// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  register: 'Create account',
  accountNameHint: 'Letters, digits, and . _ - in any script.',
  registerTitle: (server: string) => `Join ${server}`,
  registerInvitedBy: (name: string) => `${name} invites you.`,
  registerOpen: 'Anyone can join this server.',
  registerHave: 'Already have an account?',
  inviteGone: 'This invite no longer works',
  inviteGoneText: 'It was used up, ran out, or was taken back. Ask for a new link.',
  registrationClosed: 'This server takes no new accounts',
  setupTitle: 'Set up your server',
  setupText: 'Name it and make your own account. You will be its owner.',
  setupServerName: 'Name of the server',
  setupServerNameHint: 'Your team, family, or club.',
  setupCode: 'Set-up code',
  setupCodeHint: 'The end of the link that the server printed when it started.',
  setupCodeWrong: 'This set-up link does not work. Use the newest one from the server log.',
  setupSubmit: 'Set up',
  setupInviteTitle: 'Bring people in',
  setupInviteText: 'Anyone with this link can join for 7 days.',
  setupInviteLater: 'Invite later',
};
