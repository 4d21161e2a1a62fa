// The emoji data: trimmed at build, fetched when the picker first opens, one file a language.
import enURL from '../../../.cache/emoji-en.json?url';
import zhURL from '../../../.cache/emoji-zh-Hans.json?url';
import type { Locale } from '../../i18n';

/** [emoji, name, words to find it by] */
export type Emoji = readonly [emoji: string, label: string, tags: string];

const urls: Record<Locale, string> = { en: enURL, 'zh-Hans': zhURL };
const cache = new Map<Locale, Promise<readonly (readonly Emoji[])[]>>();

/** The emoji in their groups. A failed fetch is tried again at the next call. */
export function loadEmoji(language: Locale): Promise<readonly (readonly Emoji[])[]> {
  let data = cache.get(language);
  if (!data) {
    data = fetch(urls[language]).then((answer) => {
      if (!answer.ok) {
        throw new Error(`emoji: ${answer.status}`);
      }
      return answer.json();
    });
    data.catch(() => cache.delete(language));
    cache.set(language, data);
  }
  return data;
}

/**
 * Rates how an emoji fits, 0 is best: whole name, word, beginning of a word, part. -1 when it does not fit.
 */
function rankOf([, label, tags]: Emoji, wanted: string): number {
  const name = ` ${label.toLowerCase()} `;
  const words = ` ${tags.toLowerCase()} `;
  return [
    name === ` ${wanted} `,
    name.includes(` ${wanted} `),
    words.includes(` ${wanted} `),
    name.includes(` ${wanted}`),
    words.includes(` ${wanted}`),
    name.includes(wanted),
    words.includes(wanted),
  ].indexOf(true);
}

/** The emoji whose name or words contain the query. The best is first, and Enter picks it. */
export function searchEmoji(groups: readonly (readonly Emoji[])[], query: string): readonly Emoji[] {
  const wanted = query.trim().toLowerCase();
  return groups
    .flat()
    .map((emoji) => ({ emoji, rank: rankOf(emoji, wanted) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank)
    .map(({ emoji }) => emoji);
}
