// A page in the main pane: a head, with a way back on a phone, and the content below.
import { ArrowLeft } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { cls } from '../../kit/cls';
import { Icon } from '../../kit/Icon';
import { isPhone } from '../../kit/layout';
import { focusBefore } from '../../router';
import { server } from '../../store/session';
import { useTitle } from '../../title';
import { awayText, PhoneRetry } from '../away/away';
import { t } from '../words/texts';
import css from './Page.module.css';

interface Props {
  title: string;
  /** The title of the tab, when it says more. */
  tab?: string;
  /** Where a phone goes back to; to the rooms if not given. */
  back?: { href: string; label: string };
  /** When it changes, the person has gone to another part of the page. */
  turn?: string;
  /** The heading of that part, if it has one of its own. */
  heading?: () => HTMLElement | null | undefined;
  /** Buttons for the whole page. */
  actions?: ComponentChildren;
  children: ComponentChildren;
}

export function Page({ title, tab = title, back, turn, heading, actions, children }: Props) {
  const top = useRef<HTMLHeadingElement>(null);
  const { href, label } = back ?? { href: '/', label: t().roomBack };
  const lost = awayText(true);
  useTitle(tab);
  // The focus on the heading makes a screen reader say which page this is. When the page's code arrives late,
  // the person may have moved the focus already; then it stays there.
  useEffect(() => {
    const at = document.activeElement;
    if (!at || at === document.body || at === focusBefore) {
      (heading?.() ?? top.current)?.focus();
    }
  }, [turn]);
  return (
    <>
      <header class={css.head}>
        {isPhone.value && (
          <a class={css.back} href={href} aria-label={label}>
            <Icon of={ArrowLeft} />
          </a>
        )}
        <div class={css.names}>
          <h1 ref={top} tabIndex={-1} class={css.title}>
            {title}
          </h1>
          {/* A wide window says both beside the rooms. */}
          {isPhone.value && (
            <p class={cls(css.where, lost && css.lost)}>
              {lost ?? <bdi>{server.value?.name || 'Parley'}</bdi>}
            </p>
          )}
        </div>
        {actions && <div class={css.actions}>{actions}</div>}
        <div class={css.retry}>
          <PhoneRetry />
        </div>
      </header>
      {children}
    </>
  );
}
