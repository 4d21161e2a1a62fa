// Turns words into a name that the server takes for accounts and rooms: letters of any script, digits and . _ -

/** "Ada Lovelace" becomes "ada-lovelace"; signs fall away. */
export function nameFrom(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}._\s-]/gu, '')
    .trim()
    .replace(/\s+/gu, '-')
    .slice(0, 64);
}
