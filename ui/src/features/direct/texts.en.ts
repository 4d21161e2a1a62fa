// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  directStart: 'Start',
  directAlone: 'You are the only one here',
  directAloneText: 'Invite people, and you can write to them.',
};
