// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  resetTitle: 'Choose a new password',
  resetFor: (name: string, login: string) => `For ${name} (@${login}). You are signed out everywhere else.`,
  resetPassword: 'New password',
  resetSave: 'Save and sign in',
  resetGone: 'This link does not work any more',
  resetGoneText: 'It works once, within an hour. Ask who looks after the server for another.',
};
