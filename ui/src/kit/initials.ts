// Finds the two letters that an avatar shows for a name.
/** A letter with its accents, vowel signs and variants. */
const letter = /[\p{L}\p{N}]\p{M}*/gu;
const cjk = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
/** A whole emoji, which may be several joined ones, or a flag. */
// biome-ignore lint/complexity/useRegexLiterals: the flag is newer than the language that TypeScript is told.
const emoji = new RegExp('\\p{RGI_Emoji}', 'v');
const joined = /\p{Script=Arabic}/u;
/** What somebody adds to the name, such as a nickname or a department. */
const added = /(.)[([{<（【「].*/u;
/** Few fonts have its capitals. */
const small = /\p{Script=Georgian}/u;

/**
 * Of Chinese, Japanese and Korean names takes the end of the first word of two characters or more (a whole name, whose
 * end is the given name); of words with dots between them, as foreign names are written, the first characters. Has at
 * most `wide` of them. Of others takes the first letters of the first and the last word, or the first two of a single
 * word.
 */
export function initials(name: string, wide: 1 | 2 = 2): string {
  const words = name
    .normalize()
    .replace(added, '$1')
    .split(/[\s._·・-]+/u)
    .map((word) => word.match(letter) ?? [])
    .filter((letters) => letters.length);
  const wides = words.map((word) => word.filter((one) => cjk.test(one))).filter((word) => word.length);
  if (wides.length) {
    const foreign = wides.length > 1 && /[·・]/.test(name);
    const from = foreign ? ends(wides) : (wides.find((word) => word.length > 1) ?? wides.flat());
    return (foreign ? from.slice(0, wide) : from.slice(-wide)).join('');
  }
  const [first] = words;
  if (!first) {
    return emoji.exec(name)?.[0] ?? '?';
  }
  const two = words.length > 1 ? ends(words) : first.slice(0, 2);
  // Arabic letters would join into one, which is no initial.
  return two.map(capital).join(joined.test(name) ? '\u200c' : '');
}

/** The first letters of the first and the last word. */
const ends = (words: string[][]): string[] => [words[0]?.[0] ?? '', words.at(-1)?.[0] ?? ''];

/** The capital of a letter, when it is one letter too: that of ß is two. */
function capital(one: string): string {
  const large = one.toLocaleUpperCase();
  return large.length > one.length || small.test(one) ? one : large;
}
