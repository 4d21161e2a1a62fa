// A page in the main pane: a head, with a way back to the rooms on a phone, and the content below.
import { ArrowLeft } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../../kit/Icon';
import { isPhone } from '../../kit/layout';
import { focusBefore } from '../../router';
import { useTitle } from '../../title';
import { t } from '../words/texts';
import css from './Page.module.css';

interface Props {
  title: string;
  /** Buttons for the whole page. */
  actions?: ComponentChildren;
  children: ComponentChildren;
}

export function Page({ title, actions, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(title);
  // The focus on the heading makes a screen reader say which page this is. When the page's code arrives late,
  // the person may have moved the focus already; then it stays there.
  useEffect(() => {
    const at = document.activeElement;
    if (!at || at === document.body || at === focusBefore) {
      heading.current?.focus();
    }
  }, []);
  return (
    <>
      <header class={css.head}>
        {isPhone.value && (
          <a class={css.back} href="/" aria-label={t().roomBack}>
            <Icon of={ArrowLeft} />
          </a>
        )}
        <h1 ref={heading} tabIndex={-1} class={css.title}>
          {title}
        </h1>
        {actions && <div class={css.actions}>{actions}</div>}
      </header>
      {children}
    </>
  );
}
