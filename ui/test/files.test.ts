// Tests that nothing that is dropped is opened in place of the page.
import { expect, test, vi } from 'vitest';
import { startFiles } from '../src/features/shell/files';

test('a link that is dropped on a text, an element or nothing is not opened, and a field takes it', () => {
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  startFiles();
  const drops = (target: object) => {
    const drop = new Event('drop', { cancelable: true });
    Object.defineProperty(drop, 'target', { value: target });
    Object.assign(drop, { dataTransfer: { types: ['text/uri-list'], dropEffect: 'copy' } });
    return page.dispatchEvent(drop) ? 'left to the browser' : 'not opened';
  };
  // A text node and the document have no `matches`.
  expect(drops({})).toBe('not opened');
  expect(drops({ matches: () => false })).toBe('not opened');
  expect(drops({ matches: () => true })).toBe('left to the browser');
});
