// What went wrong and belongs to no field of a form. Its place is kept free, so that nothing moves when it comes. A text may
// be longer than that, so below it is nothing that was just pressed, or a dialog that keeps its height and scrolls. It is in
// sight when it comes.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { cls } from './cls';
import css from './form.module.css';

export function Problem({ text }: { text: string | undefined }) {
  const box = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => {
    const place = box.current;
    const dialog = place?.closest<HTMLElement>('dialog:has(footer)');
    if (!text || !place) {
      return;
    }
    if (dialog) {
      place.style.maxHeight = getComputedStyle(place).minHeight;
      dialog.style.height = `${dialog.offsetHeight}px`;
      place.style.maxHeight = '';
    }
    place.scrollIntoView({ block: 'nearest' });
    return () => dialog?.style.removeProperty('height');
  }, [text]);
  return (
    <p ref={box} class={cls(css.problem, css.place)} role="alert">
      {text}
    </p>
  );
}
