// One notification. Its text is never taken for markup.
import { Check, ExternalLink } from 'lucide';
import { useId, useRef, useState } from 'preact/hooks';
import { formatDate, formatDateTime, formatTime } from '../../i18n';
import { Avatar } from '../../kit/Avatar';
import { IconButton } from '../../kit/Button';
import { cls } from '../../kit/cls';
import { Icon } from '../../kit/Icon';
import type { Notification } from '../../store/inbox';
import { displayNameOf, nameOf } from '../../store/people';
import { BotBadge } from '../people/BotBadge';
import { linkTo } from './link';
import css from './NotificationRow.module.css';
import { t } from './texts';

interface Props {
  one: Notification;
  onRead: () => void;
}

export function NotificationRow({ one, onRead }: Props) {
  const d = t();
  const id = useId();
  const row = useRef<HTMLElement>(null);
  const unread = !one.read_at;
  const name = nameOf(one.sender_id);
  const title = isReport(one) ? d.notificationReport : one.title;
  const link = one.url ? linkTo(one.url, location.origin) : undefined;
  const read = () => {
    if (unread) {
      onRead();
    }
  };
  return (
    <li>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the link and the button inside do the same. */}
      <article
        ref={row}
        class={cls(css.row, unread && css.unread)}
        aria-labelledby={id}
        tabIndex={-1}
        data-notification={one.seq}
        onClick={read}
      >
        <Avatar id={one.sender_id} name={displayNameOf(one.sender_id)} />
        <div class={css.main}>
          <p class={css.head}>
            {unread && (
              <span class={css.dot}>
                <span class="hidden">{d.notificationUnread}</span>
              </span>
            )}
            <bdi class={css.sender}>{name}</bdi>
            <BotBadge person={one.sender_id} />
            <time dateTime={new Date(one.created_at).toISOString()} title={formatDateTime(one.created_at)}>
              {when(one.created_at)}
            </time>
          </p>
          <h2 id={id} class={css.title} dir="auto">
            {link ? (
              <a
                href={link.href}
                // The middle mouse button opens it too.
                onAuxClick={read}
                {...(link.host ? { target: '_blank', rel: 'noopener noreferrer' } : {})}
              >
                {title}
                {link.host && <span class="hidden"> ({d.notificationNewTab})</span>}
              </a>
            ) : (
              title
            )}
          </h2>
          {one.body && <Body text={one.body} />}
          {link?.host && (
            <p class={css.host}>
              <Icon of={ExternalLink} size={0.875} />
              {link.host}
            </p>
          )}
        </div>
        {unread && (
          <IconButton
            icon={Check}
            label={d.notificationRead(title)}
            onClick={(event) => {
              event.stopPropagation();
              // The button disappears. Tab moves on from here.
              row.current?.focus();
              onRead();
            }}
          />
        )}
      </article>
    </li>
  );
}

/** Whether the server tells of a report: then its title is one of ours, in the language of the reader. */
const isReport = ({ data }: Notification) => typeof data === 'object' && data !== null && 'report' in data;

/** A longer text is shortened at first. */
const mostLines = 6;
const mostCharacters = 480;

function Body({ text }: { text: string }) {
  const d = t();
  const long = text.length > mostCharacters || text.split('\n').length > mostLines;
  const [whole, setWhole] = useState(false);
  return (
    <>
      <p class={cls(css.body, long && !whole && css.short)} dir="auto">
        {text}
      </p>
      {long && (
        <button type="button" class={css.more} aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? d.showLess : d.showMore}
        </button>
      )}
    </>
  );
}

function when(at: number): string {
  return new Date(at).toDateString() === new Date().toDateString() ? formatTime(at) : formatDate(at);
}
