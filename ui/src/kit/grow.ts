// Makes a text field grow with its text. The style sheet limits the height.
import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

export function useGrow(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const area = field.current;
    if (area) {
      area.style.height = 'auto';
      // An empty field is not measured, because its placeholder would count. scrollHeight leaves out the
      // border.
      if (text) {
        area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
      }
    }
  }, [text]);
}
