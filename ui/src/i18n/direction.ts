// Text from right to left in a page from left to right. Pure.

/** Letters that are written from right to left: Hebrew, Arabic, Syriac, Thaana, N'Ko, Adlam and others. */
const rtl = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1eeff}]/u;

/** Keeps a name that is written from right to left from changing the order of the sentence around it. */
export const isolate = <T>(value: T): T =>
  (Array.isArray(value)
    ? value.map(isolate)
    : typeof value === 'string' && rtl.test(value)
      ? `\u2068${value}\u2069`
      : value) as T;

const block = /^<(?:p|[uo]l|li|blockquote|h\d|table|t[dh])\b/;

/**
 * Gives each block of a message's HTML the direction of the next letter that is in no tag and no entity. Reads
 * each piece once, from the last to the first: rooms are full of messages that somebody else wrote.
 */
export function directed(html: string): string {
  let dir = 'ltr';
  return rtl.test(html)
    ? html.split(/(?=<)/).reduceRight((rest, piece) => {
        const letters = piece.replace(/<[^>]*>|&\w+|\P{L}/gu, '');
        if (letters) {
          dir = letters.search(rtl) ? 'ltr' : 'rtl';
        }
        return piece.replace(block, `$& dir="${dir}"`) + rest;
      }, '')
    : html;
}
