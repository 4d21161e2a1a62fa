// Written from the routes of the server by TestTypeScriptCallsAreFresh. Do not edit: change the routes and run
// go test ./tests -run TypeScript -update

/** The query of an address: what is undefined is left out. */
export function search(query: { [name: string]: string | number | undefined }): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given
    .map(([name, value], n) => `${n ? '&' : '?'}${name}=${encodeURIComponent(String(value))}`)
    .join('');
}
