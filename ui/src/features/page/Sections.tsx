// What a page of settings is made of: sections, one under the other.
import type { ComponentChildren } from 'preact';
import css from './Sections.module.css';

export function Sections({ children }: { children: ComponentChildren }) {
  return <div class={css.page}>{children}</div>;
}

export function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class={css.section}>
      <h2 class={css.title}>{title}</h2>
      {children}
    </section>
  );
}
