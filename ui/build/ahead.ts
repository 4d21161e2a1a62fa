// Names in the page what the script would ask for before it shows anything, so that all of it is fetched at once: the
// code of the shell or of the sign-in page, what the server says of itself, and the texts of another language. A line with
// `data-for` is left out by the server of the pages of all other readers (ui.go).
import type { HtmlTagDescriptor, Plugin, Rolldown } from 'vite';

const languages = ['zh-Hans'];

/** Who may need a chunk: the words of `data-for`. */
const readers: Record<string, string> = {
  shell: 'signed-in',
  entry: 'signed-out',
  ...Object.fromEntries(
    languages.flatMap((language) => [
      [`index.${language}`, language],
      [`entry.${language}`, `signed-out ${language}`],
    ]),
  ),
};

export function ahead(): Plugin {
  return {
    name: 'parley:ahead',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
        const server = { rel: 'preload', as: 'fetch', crossorigin: true, href: '/api/server' };
        const tags = [link({ ...server, 'data-for': 'signed-out' })];
        const readersOf = new Map<string, string[]>();
        for (const [name, reader] of Object.entries(readers)) {
          const chunk = chunks.find((one) => one.name === name);
          if (!chunk) {
            throw new Error(`the build has no chunk ${name}`);
          }
          for (const file of filesOf(chunk.fileName, bundle)) {
            readersOf.set(file, [...(readersOf.get(file) ?? []), reader]);
          }
        }
        for (const [file, [reader, ...more]] of readersOf) {
          const href = `/${file}`;
          // All start with what the page names as its script. A file that several need is for everyone.
          if (!html.includes(`src="${href}"`)) {
            const whose = more.length ? {} : { 'data-for': reader };
            tags.push(link({ rel: 'modulepreload', crossorigin: true, ...whose, href }));
          }
        }
        return tags;
      },
    },
  };
}

const link = (attrs: HtmlTagDescriptor['attrs']): HtmlTagDescriptor => ({
  tag: 'link',
  attrs,
  injectTo: 'head',
});

/** The chunk and all that it imports. */
function filesOf(file: string, bundle: Rolldown.OutputBundle, seen = new Set<string>()): Set<string> {
  const chunk = bundle[file];
  if (chunk?.type === 'chunk' && !seen.has(file)) {
    seen.add(file);
    for (const next of chunk.imports) {
      filesOf(next, bundle, seen);
    }
  }
  return seen;
}
