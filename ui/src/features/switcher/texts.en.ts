// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  switcherPlaceholder: 'Room or person',
  switcherHint: '↑ ↓ to choose, Enter to open',
};
