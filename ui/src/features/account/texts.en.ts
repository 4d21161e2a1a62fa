// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  accountName: 'Sign-in name',
  accountPassword: 'Password',
  accountPasswordShort: 'Use 8 characters or more.',
  accountPasswordLong: 'That password is too long.',
  accountNameWrong:
    'Use 1 to 64 letters of one script, digits, or . _ -, but not digits alone, and no . or - at the ends.',
  signIn: 'Sign in',
  accountDisplayName: 'Your name',
  accountDisplayNameHint: 'What other people see.',
  accountPasswordHint: '8 characters or more.',
};
