// Finds the one or two letters that an avatar shows for a name.
const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const letter = /[\p{L}\p{N}]/u;
const pictured = /\p{Extended_Pictographic}/u;

/** Takes the end of Chinese, Japanese and Korean names (the given name), and the first letters of others. */
export function initials(name: string, most: 1 | 2 = 2): string {
  const characters = [...name].filter((one) => letter.test(one));
  if (characters.some((one) => cjk.test(one))) {
    return characters
      .filter((one) => cjk.test(one))
      .slice(-most)
      .join('');
  }
  const firsts = name
    .split(/[\s._-]+/u)
    .map((word) => [...word].find((one) => letter.test(one)) ?? '')
    .filter(Boolean);
  const last = firsts.length > 1 && most > 1 ? (firsts.at(-1) ?? '') : '';
  return ((firsts[0] ?? pictured.exec(name)?.[0] ?? '?') + last).toLocaleUpperCase();
}
