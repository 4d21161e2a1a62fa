// Tells whether a message is so long that it is shortened at first. Looks at the text, so nothing is
// measured. Pure.

const most = 30;
const perLine = 90;
/** Han, kana, hangul and full-width signs are as wide as two letters. */
const wide = /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/g;

export function isLong(text: string): boolean {
  if (text.length <= most) {
    return false;
  }
  let lines = 0;
  for (const line of text.split('\n')) {
    const width = line.length + (line.match(wide)?.length ?? 0);
    lines += Math.max(1, Math.ceil(width / perLine));
  }
  return lines > most;
}
