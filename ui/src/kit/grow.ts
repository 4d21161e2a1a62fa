// Makes a text field grow with its text. The style sheet limits the height.
import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

export function useGrow(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => grow(field.current), [text]);
  // At another width the text has another number of lines.
  useLayoutEffect(() => {
    const watcher = new ResizeObserver(() => requestAnimationFrame(() => grow(field.current)));
    watcher.observe(field.current as Element);
    return () => watcher.disconnect();
  }, []);
}

function grow(area: HTMLTextAreaElement | null): void {
  if (area) {
    // It is measured without a height of its own, and a margin keeps its place meanwhile: a list above it that
    // became higher for a moment would scroll, and no longer be at its end.
    area.style.marginBottom = `${area.offsetHeight}px`;
    area.style.height = '0';
    // scrollHeight leaves out the border. An empty field is not measured, because its placeholder would count.
    const height = area.scrollHeight + area.offsetHeight - area.clientHeight;
    area.style.height = area.value ? `${height}px` : 'auto';
    area.style.marginBottom = '';
  }
}
