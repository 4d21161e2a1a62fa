// A text field as high as its text, up to a share of the window.
import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

export function useGrow(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const area = field.current;
    if (area) {
      area.style.height = 'auto';
      // A placeholder would count too. The border is not in scrollHeight.
      if (text) {
        area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
      }
    }
  }, [text]);
}
