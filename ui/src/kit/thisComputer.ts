// Tells whether an address leads to the computer that opens it, wherever that is. Pure.

/** Does this address name the computer itself? Nobody else can open it then. */
export function leadsHere(url: string): boolean {
  const { hostname } = new URL(url);
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\]|0\.0\.0\.0|\[::\])$/.test(
    hostname.replace(/\.$/, ''),
  );
}
