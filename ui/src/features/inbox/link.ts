// Where the address of a notification leads, and whether it may be followed at all. Pure.

export interface Link {
  href: string;
  /** The server that it leads to, when it is another one. */
  host?: string;
}

/** undefined: nothing that a browser may open, as javascript: or a file. */
export function linkTo(address: string, origin: string): Link | undefined {
  // An address that begins with a path may still be another server's: //host, or /\host.
  if (!/^(https?:\/\/|\/)/i.test(address)) {
    return undefined;
  }
  let url: URL;
  try {
    url = new URL(address, origin);
  } catch {
    return undefined;
  }
  if (url.origin === origin) {
    return { href: url.href }; // whole: the path alone may be another server's again, as that of /.//host
  }
  return address.startsWith('/') ? undefined : { href: url.href, host: url.host };
}
