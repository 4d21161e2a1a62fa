// The language of the page, and the texts in it. Each feature declares its texts with texts(), and they are
// fetched with its code. Components call its t() while rendering.
import { batch, computed, signal } from '@preact/signals';
import { isolate } from './direction';
import { type Locale, locale } from './format';

export * from './format';

type Show = () => void;

/**
 * One function per loaded feature. It fetches the texts of a language and returns a function that shows them.
 */
const catalogs: ((to: Locale) => Promise<Show>)[] = [];
/** The chosen language. `locale` becomes the same once the texts are fetched. */
let chosen: Locale = 'en';
/** Resolves when the texts of all features that were fetched later are there. */
let coming: Promise<unknown> = Promise.resolve();

/**
 * Declares the texts of a feature. The English ones come with the code; `chinese` fetches the others, and the
 * compiler makes sure that they have the same keys. `more` are texts of other features that this one uses
 * too.
 */
export function texts<Own extends object, More extends object = object>(
  en: Own,
  chinese: () => Promise<{ zhHans: Own } | undefined>,
  more?: () => More,
): () => Own & More {
  const own = signal(en);
  const load = async (to: Locale): Promise<Show> => {
    // If the chunk cannot be fetched, the feature stays English. The listener of vite:preloadError offers to
    // reload.
    const got = to === 'zh-Hans' ? await chinese().catch(() => undefined) : undefined;
    return () => {
      own.value = got?.zhHans ?? en;
    };
  };
  catalogs.push(load);
  if (chosen !== 'en') {
    const to = chosen;
    coming = Promise.all([coming, load(to).then((show) => chosen === to && show())]);
  }
  const whole = computed(() => ({ ...more?.(), ...isolated(own.value) }) as Own & More);
  return () => whole.value;
}

// The same texts, in which names from right to left stand apart.
function isolated<T>(value: T): T {
  if (typeof value === 'function') {
    return ((...values: unknown[]) => value(...isolate(values))) as T;
  }
  return (
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, isolated(inner)]))
      : value
  ) as T;
}

/** Waits for the texts of loaded features, so that none shows in another language first. */
export const textsReady = (): Promise<unknown> => coming;

/** The language for a choice. `system` takes the first of the browser's languages that has texts. */
export function pickLocale(choice: string, browser: readonly string[]): Locale {
  const wanted = choice === 'system' ? browser : [choice];
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag)) {
      return 'zh-Hans';
    }
    if (/^en\b/i.test(tag)) {
      return 'en';
    }
  }
  return 'en';
}

/** Changes the language, once the texts of all loaded features are fetched. */
export async function setLocale(to: Locale): Promise<void> {
  chosen = to;
  const shows = await Promise.all(catalogs.map((load) => load(to)));
  if (chosen !== to) {
    // The person has chosen another language meanwhile.
    return;
  }
  batch(() => {
    locale.value = to;
    for (const show of shows) {
      show();
    }
  });
  document.documentElement.lang = to;
}
