// Trims the emoji data to what the picker shows and searches, one file a language in .cache/.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { oneEmoji } from '../src/kit/oneEmoji.ts';

interface Emoji {
  emoji: string;
  label: string;
  group?: number;
  order?: number;
  tags?: string[];
  version: number;
}

// Many systems show newer emoji as boxes.
const newest = 15;
// 2 are skin tones and hair, not emoji of their own.
const groups = [0, 1, 3, 4, 5, 6, 7, 8, 9];

export function emojiData(): Plugin {
  return {
    name: 'parley:emoji-data',
    configResolved({ root }) {
      mkdirSync(join(root, '.cache'), { recursive: true });
      for (const [language, folder] of [
        ['en', 'en'],
        ['zh-Hans', 'zh'],
      ]) {
        const file = join(root, 'node_modules/emojibase-data', folder ?? '', 'data.json');
        const all = JSON.parse(readFileSync(file, 'utf8')) as Emoji[];
        writeFileSync(join(root, `.cache/emoji-${language}.json`), JSON.stringify(trimmed(all)));
      }
    },
  };
}

/** Groups of [emoji, label, tags]; rows are short because the file is fetched whole. */
export function trimmed(all: Emoji[]): [string, string, string][][] {
  return groups.map((group) =>
    all
      .filter((one) => one.group === group && one.version <= newest)
      .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
      .map((one) => [oneEmoji(one.emoji), one.label, (one.tags ?? []).join(' ')]),
  );
}
