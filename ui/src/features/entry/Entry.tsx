// The frame of the pages before signing in: sign-in, registration, set-up.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { locale } from '../../i18n';
import { Mark } from '../../kit/Mark';
import { Problem } from '../../kit/Problem';
import { setPref } from '../../prefs';
import { useTitle } from '../../title';
import css from './Entry.module.css';
import { t } from './texts';

interface Props {
  title: string;
  text?: string;
  /** What went wrong before the page was shown. What a form is told comes below its button. */
  problem?: string;
  /** Which of the two steps of the first run this is. */
  step?: number;
  children?: ComponentChildren;
  footer?: ComponentChildren;
}

const languages = [
  ['en', 'English'],
  ['zh-Hans', '简体中文'],
] as const;

export function Entry({ title, text, problem, step, children, footer }: Props) {
  useTitle(title);
  const heading = useRef<HTMLHeadingElement>(null);
  // A page without a field that takes the focus, such as the one after a form.
  useLayoutEffect(() => {
    if (document.activeElement === document.body) {
      heading.current?.focus();
    }
  }, [title]);
  return (
    <div class={css.page}>
      <main class={css.card}>
        <Mark />
        {step && <p class={css.step}>{t().setupStep(step, 2)}</p>}
        <h1 ref={heading} class={css.title} tabIndex={-1}>
          {title}
        </h1>
        {text && <p class={css.text}>{text}</p>}
        {problem != null && <Problem text={problem} />}
        {children}
        {footer && <div class={css.footer}>{footer}</div>}
      </main>
      <footer class={css.languages}>
        {languages.map(([tag, name]) => (
          <button
            key={tag}
            type="button"
            lang={tag}
            class={css.language}
            aria-pressed={locale.value === tag}
            onClick={() => void setPref('language', tag)}
          >
            {name}
          </button>
        ))}
      </footer>
    </div>
  );
}
