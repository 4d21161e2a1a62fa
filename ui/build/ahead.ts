// Names in the page what the script would ask for before it shows anything, so that all of it is fetched at once: the
// code of the sign-in page, what the server says of itself, and the texts of another language. Each of these lines
// has `data-for`: the server leaves it out of the pages of all other readers (ui.go).
import type { HtmlTagDescriptor, Plugin, Rolldown } from 'vite';

const languages = ['zh-Hans'];

/** Who may need a chunk: the words of `data-for`. */
const readers: Record<string, string> = {
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
      handler(_html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
        const first = chunks.filter((one) => one.name === 'index').map((one) => one.fileName);
        // Files that two readers need are named for both: a browser fetches a file once.
        const server = { rel: 'preload', as: 'fetch', crossorigin: true, href: '/api/server' };
        const tags = [link({ ...server, 'data-for': 'signed-out' })];
        for (const [name, reader] of Object.entries(readers)) {
          const chunk = chunks.find((one) => one.name === name);
          if (!chunk) {
            throw new Error(`the build has no chunk ${name}`);
          }
          tags.push(...linksTo(chunk, reader, bundle, new Set(first)));
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

/** The chunk and all that it imports; `named` are the files that its reader has already. */
function linksTo(
  chunk: Rolldown.OutputChunk,
  reader: string,
  bundle: Rolldown.OutputBundle,
  named: Set<string>,
): HtmlTagDescriptor[] {
  if (named.has(chunk.fileName)) {
    return [];
  }
  named.add(chunk.fileName);
  return [
    link({ rel: 'modulepreload', crossorigin: true, 'data-for': reader, href: `/${chunk.fileName}` }),
    ...chunk.imports.flatMap((file) => {
      const next = bundle[file];
      return next?.type === 'chunk' ? linksTo(next, reader, bundle, named) : [];
    }),
  ];
}
