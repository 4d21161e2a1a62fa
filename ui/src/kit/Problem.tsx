// What went wrong and belongs to no field of a form. Its place is kept free, so that nothing moves when it comes.
import { cls } from './cls';
import css from './form.module.css';

export function Problem({ text }: { text: string | undefined }) {
  return (
    <p class={cls(css.problem, css.place)} role="alert">
      {text}
    </p>
  );
}
