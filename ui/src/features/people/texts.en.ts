// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  bot: 'Bot',
  presenceOnline: 'Online',
  presenceAway: 'Away',
  presenceOffline: 'Offline',
};
