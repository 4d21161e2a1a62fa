// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  delete: 'Delete',
  linkCopiedHere: 'Copied. The link leads to the computer that opens it, so others cannot open it.',
  editLabel: 'Edit your message',
  editHint: 'Enter saves, Esc cancels',
  deleteTitle: 'Delete this message?',
  deleteText: 'It will be gone for everyone.',
  deleteOthersText: (name: string) =>
    `It was written by ${name}, and will be gone for everyone. In its place stands that you deleted it.`,
  reportTitle: 'Report this message',
  reportText:
    'The owner and the admins of this server will see this message with a few before and after it, and that you reported it. Nobody else is told.',
  reportReason: 'What is wrong with it?',
  reportReasonHint: 'You can leave this empty.',
  report: 'Report',
  reported: 'The message was reported.',
};
