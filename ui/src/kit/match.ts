// Rates how well a query fits a name. Every search for rooms or people uses it.
import { pinyinInitials } from './pinyin';

// Without accents, and without the signs that isolate a name from right to left.
const fold = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/[\p{M}\u2068\u2069]/gu, '')
    .toLowerCase();

/** Returns 0 for no fit; larger is better. Tries beginning, word, part, pinyin initials, letters in order. */
export function fitOf(query: string, name: string): number {
  const wanted = fold(query.trim());
  if (!wanted) {
    return 1;
  }
  const text = fold(name);
  const at = text.indexOf(wanted);
  if (at === 0) {
    return text.length === wanted.length ? 7 : 6;
  }
  if (at > 0) {
    return /[\s._-]/.test(text[at - 1] ?? '') ? 5 : 3;
  }
  const sound = pinyinInitials(name).indexOf(wanted);
  if (sound >= 0) {
    return sound === 0 ? 4 : 2;
  }
  return inOrder(wanted, text) ? 1 : 0;
}

/** The best fit of several names of one thing. */
export function bestFit(query: string, names: readonly string[]): number {
  return Math.max(0, ...names.map((name) => fitOf(query, name)));
}

function inOrder(wanted: string, text: string): boolean {
  let from = 0;
  for (const letter of wanted) {
    from = text.indexOf(letter, from) + 1;
    if (from === 0) {
      return false;
    }
  }
  return true;
}
