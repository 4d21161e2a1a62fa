// Is the main pointer a finger? Then Enter breaks the line and nothing is focused that would open the keyboard.
const coarse = matchMedia('(pointer: coarse)');

export const isTouch = (): boolean => coarse.matches;
