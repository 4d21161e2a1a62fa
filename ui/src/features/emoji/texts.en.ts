// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  search: 'Search',
  pickerTitle: 'Pick an emoji',
  pickerSearch: 'Search emoji',
  pickerRecent: 'Recent',
  pickerGroups: [
    'Smileys',
    'People',
    'Animals and nature',
    'Food',
    'Travel',
    'Activities',
    'Objects',
    'Symbols',
    'Flags',
  ],
  pickerFailed: 'The emoji could not be loaded.',
};
