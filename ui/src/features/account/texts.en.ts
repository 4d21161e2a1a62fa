// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  accountName: 'Sign-in name',
  accountPassword: 'Password',
  accountPasswordShort: 'Use 8 characters or more.',
  accountPasswordLong: 'That password is too long.',
  accountNameWrong: 'Use letters of one script, digits, and . _ - between them, but not digits alone.',
  signIn: 'Sign in',
  accountDisplayName: 'Your name',
  accountDisplayNameHint: 'What other people see.',
  accountPasswordHint: '8 characters or more.',
};
