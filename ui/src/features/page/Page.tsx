// A page in the main pane: its head, on a phone with the way back to the rooms, and what stands below it.
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
  /** What can be done with the whole page. */
  actions?: ComponentChildren;
  children: ComponentChildren;
}

export function Page({ title, actions, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(title);
  // A screen reader hears where it is now. The code of a view may come after the first Tab, which goes on from where it led.
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
