// Names the classes of style sheets. The name of its file tells a class apart from those of other files, and compresses
// better than a hash.
import { basename } from 'node:path';

const files = new Map<string, string>();

export function className(name: string, file: string): string {
  const [path = file] = file.split('?');
  const sheet = basename(path, '.module.css');
  const other = files.get(sheet);
  if (other && other !== path) {
    throw new Error(`${other} and ${path} have the same name: their classes would too`);
  }
  files.set(sheet, path);
  return `${sheet}_${name}`;
}
