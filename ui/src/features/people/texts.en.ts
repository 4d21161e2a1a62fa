// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  bot: 'Bot',
  deactivated: 'Deactivated',
  presenceOnline: 'Online',
  presenceAway: 'Away',
  presenceOffline: 'Offline',
  presenceUnknown: 'State unknown',
};
