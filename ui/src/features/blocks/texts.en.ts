// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  block: 'Block',
  blockAsk: (name: string) => `Block ${name}?`,
  blockText:
    'Neither of you can write to the other directly, this person cannot add you to rooms or notify you, and their messages are folded for you. They are not told.',
  blockDone: (name: string) => `${name} is blocked.`,
  unblock: 'Unblock',
  unblockOf: (name: string) => `Unblock ${name}`,
  unblockDone: (name: string) => `${name} is no longer blocked.`,
  blockedLine: (name: string) => `You have blocked ${name}. Neither of you can write here.`,
  blockedNone: 'You have blocked nobody. To block somebody, choose their name beside a message.',
};
