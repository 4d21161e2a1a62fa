// What the Enter key means while writing. Pure.

interface Key {
  key: string;
  shiftKey: boolean;
  isComposing: boolean;
  keyCode: number;
}

/** The key belongs to an input method. Safari ends the composition first and then sends keyCode 229. */
export function composing(key: Pick<Key, 'isComposing' | 'keyCode'>): boolean {
  return key.isComposing || key.keyCode === 229;
}

/** Does this key send? On touch Enter breaks the line: there is a button for sending. */
export function sends(key: Key, touch: boolean): boolean {
  return key.key === 'Enter' && !key.shiftKey && !touch && !composing(key);
}
