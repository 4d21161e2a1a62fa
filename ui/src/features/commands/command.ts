// What looks like a command of another chat. Pure.

/**
 * The command that a text begins with, such as `/me`: a slash at the very start, then letters of the alphabet only, up
 * to a space or the end. Parley has no commands. A path (`/etc/hosts`), `/ 3`, `//me` and ` /me` are no commands.
 */
export function commandOf(text: string): string | undefined {
  return /^\/[a-z]+(?=\s|$)/i.exec(text)?.[0];
}
