// Turns words into a name that the server accepts: letters of any script, digits and . _ -, but no . or - at
// the ends.

/** Turns "Ada Lovelace" into "ada-lovelace". Drops other signs. */
export function nameFrom(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}._\s-]/gu, '')
    .trim()
    .replace(/\s+/gu, '-')
    .slice(0, 64)
    .replace(/\.{2,}/gu, '.')
    .replace(/^[.-]+|[.-]+$/gu, '');
}
