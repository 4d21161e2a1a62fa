// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  delete: 'Delete',
  editLabel: 'Edit your message',
  editHint: 'Enter saves, Esc cancels',
  deleteTitle: 'Delete this message?',
  deleteText: 'It will be gone for everyone.',
};
