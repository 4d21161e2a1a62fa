// The initials of Chinese names in pinyin, so that "xm" finds 小明. Browsers sort Chinese by pinyin: where a
// character falls between the first characters of each letter tells its initial, without a table of all
// characters.
import { perSession } from '../perSession';

const letters = 'abcdefghjklmnopqrstwxyz';
/** The first common character of each of these letters in pinyin order (no sound begins with i, u or v). */
const firsts = [...'阿八嚓咑妸发旮哈讥咔垃妈拏噢妑七呥仨他穵夕丫帀'];
const han = /\p{Script=Han}/u;

let sorter: Intl.Collator | null | undefined;

function collator(): Intl.Collator | null {
  if (sorter === undefined) {
    const made = new Intl.Collator('zh-Hans-u-co-pinyin');
    // A browser that sorts in another order would give wrong initials, so it gives none.
    sorter = firsts.every((one, i) => i === 0 || made.compare(firsts[i - 1] ?? '', one) < 0) ? made : null;
  }
  return sorter;
}

function initialOf(character: string, order: Intl.Collator): string {
  let low = 0;
  let high = firsts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (order.compare(firsts[middle] ?? '', character) <= 0) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return letters[low] ?? '';
}

/** The initials of names seen before. */
const known = perSession(() => new Map<string, string>());

/** "xm" for 小明, "xm2" for 小明2; '' for text without Chinese characters. */
export function pinyinInitials(text: string): string {
  if (!han.test(text)) {
    return '';
  }
  let initials = known.now.get(text);
  if (initials === undefined) {
    const order = collator();
    initials = order
      ? [...text].map((one) => (han.test(one) ? initialOf(one, order) : one.trim().toLowerCase())).join('')
      : '';
    known.now.set(text, initials);
  }
  return initials;
}
