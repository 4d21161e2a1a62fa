// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  noCommand: (command: string) =>
    `Not sent: there is no command ${command} here. To send the text anyway, put a space before it.`,
  sendAsIs: 'Send as it is',
  noCommandEdit: (command: string) => `Not saved: there is no command ${command} here.`,
  saveAsIs: 'Save as it is',
};
