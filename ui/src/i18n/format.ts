// Formats numbers, lists and times in the language of the page. Formatters are cached, because making one is
// slow.
import { signal } from '@preact/signals';

export type Locale = 'en' | 'zh-Hans';

/** The language of the page. Changed by setLocale in index.ts only. */
export const locale = signal<Locale>('en');

const cache = new Map<string, unknown>();

function cached<T>(name: string, make: (tag: string) => T): T {
  const key = `${locale.value} ${name}`;
  let one = cache.get(key) as T | undefined;
  if (!one) {
    one = make(locale.value);
    cache.set(key, one);
  }
  return one;
}

const date = (name: string, options: Intl.DateTimeFormatOptions) =>
  cached(name, (tag) => new Intl.DateTimeFormat(tag, options));

type HourCycle = Intl.ResolvedDateTimeFormatOptions['hourCycle'];

/** How clocks count the hours where the person is: in the first of the browser's languages that names a region. */
export function hoursOf(browser: readonly string[]): HourCycle {
  const local = browser.find((tag) => /-([a-z]{2}|\d{3})\b/i.test(tag));
  return new Intl.DateTimeFormat(local, { hour: 'numeric' }).resolvedOptions().hourCycle;
}

/** The hour and the minute. Made when a time is first shown: the browser loads its data on clocks for it. */
const clock = () =>
  cached('clock', () => {
    const hourCycle = hoursOf(globalThis.navigator?.languages ?? []);
    return { hour: 'numeric', minute: '2-digit', hourCycle } as const;
  });

/** 14:02, or 2:02 PM where that is usual. The words are those of the page's language. */
export const formatTime = (ms: number) => date('time', clock()).format(ms);

/** Monday, November 23, 2026 */
export const formatDay = (ms: number) => date('day', { dateStyle: 'full' }).format(ms);

/** Nov 23, 2026 */
export const formatDate = (ms: number) => date('date', { dateStyle: 'medium' }).format(ms);

/** November 23, 2026 at 14:02. With dateStyle and 12 hours, Chinese would get its date in digits: 2026/11/23. */
export const formatDateTime = (ms: number) =>
  date('both', { year: 'numeric', month: 'long', day: 'numeric', ...clock() }).format(ms);

/** 1,234 */
export const formatNumber = (n: number) => cached('number', (tag) => new Intl.NumberFormat(tag)).format(n);

/** Ann, Bo, and Chen */
export const formatList = (names: readonly string[]) =>
  cached('list', (tag) => new Intl.ListFormat(tag)).format(names);

/** Picks the plural form for a number by the rules of the language. */
export function plural(n: number, forms: { one?: string; other: string }): string {
  const rule = cached('plural', (tag) => new Intl.PluralRules(tag)).select(n);
  return (rule === 'one' ? forms.one : undefined) ?? forms.other;
}
