// Joins class names; false and undefined ones are left out.
export function cls(...names: (string | false | undefined)[]): string {
  return names.filter(Boolean).join(' ');
}
