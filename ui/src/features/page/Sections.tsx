// A page of settings in sections, each with an address. A wide window lists them beside the chosen one. On a phone
// the list is a page, and each section another. A section that was shown stays in the page while the others are,
// so what was typed in it, or is shown only once, is there on coming back. A list is read anew instead.
import { ChevronRight } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { cls } from '../../kit/cls';
import { Icon } from '../../kit/Icon';
import { isPhone } from '../../kit/layout';
import { pathOf, route } from '../../router';
import { Page } from './Page';
import css from './Sections.module.css';

export interface Part {
  /** Its place in the address. */
  id: string;
  title: string;
  content: ComponentChildren;
  /** It shows a list of the server, with dialogs about its rows: it leaves the page when another is shown. */
  list?: boolean;
}

interface Props {
  title: string;
  /** Names the link by which a phone goes back to the list. */
  back: string;
  /** The name of the route of the page. */
  name: 'settings' | 'server';
  /** What the person may use. */
  parts: readonly Part[];
}

export function Sections({ title, back, name, parts }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const seen = useRef(new Set<string>()).current;
  const at = route.value;
  const named = at.name === name ? parts.find(({ id }) => id === at.section) : undefined;
  const phone = isPhone.value;
  const shown = named ?? (phone ? undefined : parts[0]);
  if (shown) {
    seen.add(shown.id);
  }
  return (
    <Page
      title={title}
      tab={named && `${named.title} · ${title}`}
      back={phone && shown ? { href: pathOf({ name, section: '' }), label: back } : undefined}
      turn={named?.id}
      heading={() =>
        named ? box.current?.querySelector<HTMLElement>('section:not([hidden]) > h2') : undefined
      }
    >
      <div ref={box} class={css.box}>
        <div class={css.columns}>
          {!(phone && shown) && (
            <nav class={css.nav} aria-label={title}>
              <ul>
                {parts.map((part) => (
                  <li key={part.id}>
                    <a
                      class={css.link}
                      href={pathOf({ name, section: part.id })}
                      aria-current={part === shown ? 'page' : undefined}
                    >
                      {part.title}
                      {phone && <Icon of={ChevronRight} size={1} />}
                    </a>
                  </li>
                ))}
              </ul>
            </nav>
          )}
          {parts.map(
            (part) =>
              (part === shown || (seen.has(part.id) && !part.list)) && (
                <section key={part.id} class={css.page} hidden={part !== shown}>
                  <h2 tabIndex={-1} class={css.title}>
                    {part.title}
                  </h2>
                  <div class={cls(css.section, part.list && css.wide)}>{part.content}</div>
                </section>
              ),
          )}
        </div>
      </div>
    </Page>
  );
}
