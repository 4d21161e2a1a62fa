// English, and the type of the other languages. Functions take arguments; plural picks a form by number.
import { formatList, formatNumber, plural } from '../../i18n/format';

export const en = {
  edit: 'Edit',
  roomEmpty: 'Nothing here yet. Write the first message.',
  roomEmptyQuiet: 'Nothing here yet.',
  roomStart: (room: string) => `This is the beginning of ${room}.`,
  roomStartPrivate: 'Only its members can see it.',
  addTopic: 'Add a topic',
  roomLoadFailed: 'The messages could not be loaded.',
  roomStartDirect: (names: string) => `This is the beginning of your conversation with ${names}.`,
  messagesLabel: (room: string) => `Messages in ${room}`,
  edited: 'edited',
  blocked: 'Blocked: show',
  deleted: 'This message was deleted.',
  deletedBy: (name: string) => `This message was deleted by ${name}.`,
  queued: 'Waiting to be sent',
  apart: 'You and this person cannot write to each other.',
  notSentWhy: (why: string) => `Not sent: ${why}`,
  rowLabel: (name: string, time: string) => `${name}, ${time}`,
  unreadLine: 'New',
  react: 'Add a reaction',
  reactWith: (emoji: string) => `React with ${emoji}`,
  reactionBy: (emoji: string, names: string[]) => `${emoji}: ${formatList(names)}`,
  copyLink: 'Copy link',
  markUnread: 'Mark unread from here',
  editMessage: 'Edit message',
  deleteMessage: 'Delete message',
  reportMessage: 'Report message',
  toolbar: 'Message actions',
  today: 'Today',
  yesterday: 'Yesterday',
  composerLabel: (room: string) => `Message to ${room}`,
  composerPlaceholder: (room: string) => `Message ${room}`,
  send: 'Send',
  emoji: 'Emoji',
  tooLong: (over: number) =>
    plural(over, {
      one: `${formatNumber(over)} character too long`,
      other: `${formatNumber(over)} characters too long`,
    }),
  newSince: (n: number, time: string) =>
    plural(n, {
      one: `${formatNumber(n)} new message since ${time}`,
      other: `${formatNumber(n)} new messages since ${time}`,
    }),
  jump: 'Jump',
  markRead: 'Mark read',
  jumpToPresent: 'Jump to present',
  typing: (names: string[]) =>
    plural(names.length, {
      one: `${formatList(names)} is typing…`,
      other: `${formatList(names)} are typing…`,
    }),
  typingMany: 'Several people are typing…',
};
