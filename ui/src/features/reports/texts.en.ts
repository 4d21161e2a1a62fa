// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  reportsText: 'Everyone can report a message to you and the other admins.',
  reportsNone: 'Nothing is reported',
  reportsNoneText: 'When somebody reports a message, you are notified, and find it here.',
  reportsOlder: 'Show older ones',
  reportsFailed: 'The reports could not be loaded.',
  reportOpen: 'Open',
  reportBy: (name: string) => `Reported by ${name}`,
  reportOf: (name: string) => `A message of ${name}`,
  reportClosedBy: (name: string, date: string) => `Closed by ${name}, ${date}`,
  reportLook: 'Look',
  reportLookAt: (name: string) => `Look at the message of ${name}`,
  reportWhere: {
    public: 'public room',
    private: 'private room',
    direct: 'direct room',
    announcements: 'announcements',
  },
  reportAccount: (name: string) => `Manage the account of ${name}`,
  reportShown: 'The message and what stands around it',
  reportThis: 'Reported message',
  reportDelete: 'Delete the message',
  reportDeleteAsk: 'Delete this message?',
  reportDeleteText: (name: string) =>
    `It was written by ${name}, and will be gone for everyone. The report is closed.`,
  reportClose: 'Close the report',
  reportDone: 'The report is closed.',
  reportGone: 'This message was deleted.',
};
