// Tells whether the main pointer is a finger. If so, Enter breaks the line, and no field is focused unasked:
// that would open the keyboard on the screen.
const coarse = matchMedia('(pointer: coarse)');

export const isTouch = (): boolean => coarse.matches;
