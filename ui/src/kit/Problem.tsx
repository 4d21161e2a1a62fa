// What went wrong and belongs to no field of a form. Its place is kept free, so that nothing moves when it comes. A text may
// be longer than that, so below it is nothing that was just pressed. It is in sight when it comes.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { cls } from './cls';
import css from './form.module.css';

export function Problem({ text }: { text: string | undefined }) {
  const box = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => {
    if (text) {
      box.current?.scrollIntoView({ block: 'nearest' });
    }
  }, [text]);
  return (
    <p ref={box} class={cls(css.problem, css.place)} role="alert">
      {text}
    </p>
  );
}
