// What the Enter key means while writing. Pure.

interface Key {
  key: string;
  shiftKey: boolean;
  isComposing: boolean;
  keyCode: number;
}

/**
 * Tells whether the key belongs to an input method. Safari ends the composition first, then sends keyCode
 * 229.
 */
export function composing(key: Pick<Key, 'isComposing' | 'keyCode'>): boolean {
  return key.isComposing || key.keyCode === 229;
}

/** Tells whether this key sends. On touch, Enter breaks the line and a button sends. */
export function sends(key: Key, touch: boolean): boolean {
  return key.key === 'Enter' && !key.shiftKey && !touch && !composing(key);
}
