// Loads a list that the server gives in pages.

/** Asks for page after page until there are no more. `ask` gets the last one of the page before. */
export async function whole<T>(
  ask: (last: T | undefined) => Promise<{ list: T[]; more: boolean }>,
): Promise<T[]> {
  const all: T[] = [];
  let more = true;
  while (more) {
    const page = await ask(all.at(-1));
    all.push(...page.list);
    more = page.more && page.list.length > 0;
  }
  return all;
}
