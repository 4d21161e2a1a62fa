// Languages: which one is shown, and the texts of each feature in it. A feature declares its texts in its folder with
// texts(), and they come with its code. Components call the t() they get for it while rendering.
import { batch, computed, signal } from '@preact/signals';
import { type Locale, locale } from './format';

export * from './format';

type Show = () => void;

/** The texts of each feature that has come: fetches a language, then shows it. */
const catalogs: ((to: Locale) => Promise<Show>)[] = [];
/** The language that is chosen; `locale` follows once its texts are here. */
let chosen: Locale = 'en';
/** Texts of features that came after the language was chosen, on their way. */
let coming: Promise<unknown> = Promise.resolve();

/**
 * Declares the texts of a feature: in English, which comes with the code, and where to fetch them in Chinese, which
 * the compiler holds to the same keys. `more`: texts of others that this feature uses too.
 */
export function texts<Own extends object, More extends object = object>(
  en: Own,
  chinese: () => Promise<{ zhHans: Own } | undefined>,
  more?: () => More,
): () => Own & More {
  const own = signal(en);
  const load = async (to: Locale): Promise<Show> => {
    // A chunk that cannot be fetched leaves the feature in English; vite:preloadError offers to reload.
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
  const whole = computed(() => ({ ...more?.(), ...own.value }) as Own & More);
  return () => whole.value;
}

/** Waits for the texts of the features that have come, so that none is first seen in another language. */
export const textsReady = (): Promise<unknown> => coming;

/** The language for a choice: the first of the browser's languages that there are texts for. */
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

/** Shows the page in a language, once the texts of all features that are here have come. */
export async function setLocale(to: Locale): Promise<void> {
  chosen = to;
  const shows = await Promise.all(catalogs.map((load) => load(to)));
  if (chosen !== to) {
    // Another choice was made meanwhile.
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
