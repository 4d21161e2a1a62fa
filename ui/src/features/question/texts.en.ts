// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  discardAsk: 'Delete what you wrote?',
  discardText: 'It was not sent. Nobody else has it.',
};
