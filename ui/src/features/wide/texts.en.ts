// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  wideTable: 'Table, scrolls sideways',
  wideCode: 'Code, scrolls sideways',
};
