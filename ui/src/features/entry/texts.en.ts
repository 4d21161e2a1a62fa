// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  signInTitle: (server: string) => `Sign in to ${server}`,
  signInNew: 'New here?',
  signInRegister: 'Create an account',
  signInAskInvite: 'You need an invite link. Ask someone who is already here.',
  signInForgot: 'Forgot your password? Ask an owner or an admin of this server for a link.',
  signInEnded: 'Your session ended. Sign in again.',
  signInBanned: 'This account can no longer sign in.',
  setupStep: (n: number, of: number) => `Step ${n} of ${of}`,
};
