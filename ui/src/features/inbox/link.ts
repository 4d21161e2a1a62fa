// Works out where a notification's address leads, and whether a browser may open it. Pure.

export interface Link {
  href: string;
  /** The host, when it is not this server. */
  host?: string;
}

/** Returns undefined for what a browser must not open, such as javascript: or a file. */
export function linkTo(address: string, origin: string): Link | undefined {
  // An address that begins like a path may lead to another server: //host, or /\host.
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
