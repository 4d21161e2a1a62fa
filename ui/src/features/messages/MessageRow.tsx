// One message with the day and the unread line above it. Its DOM node stays the same when the server stores
// it.
import { Clock } from 'lucide';
import { useMemo, useRef, useState } from 'preact/hooks';
import { formatDateTime, formatTime } from '../../i18n';
import { Avatar } from '../../kit/Avatar';
import { cls } from '../../kit/cls';
import { Icon } from '../../kit/Icon';
import { lazy } from '../../kit/lazy';
import { useRest } from '../../kit/rest';
import { isTouch } from '../../kit/touch';
import { perSession } from '../../perSession';
import { blocked } from '../../store/blocks';
import { displayNameOf, nameOf } from '../../store/people';
import { messageHTML } from '../../trust';
import { editing } from '../message-dialogs/editing';
import { RowEdit } from '../message-dialogs/open';
import { BotBadge } from '../people/BotBadge';
import { DaySeparator } from './DaySeparator';
import { isLong } from './long';
import css from './MessageRow.module.css';
import { Reactions } from './Reactions';
import type { Row } from './rows';
import { openSheet } from './sheet';
import { t } from './texts';
import './markdown.css';

const RefusedLine = lazy(() => import('./RefusedLine').then((it) => it.RefusedLine), { ahead: true });
const RowToolbar = lazy(() => import('./RowToolbar').then((it) => it.RowToolbar), { ahead: true });

interface Props {
  row: Row;
  marked: boolean;
  /** May the reader react and write here? */
  member: boolean;
}

/** Matches a text of a few emoji and nothing else, which is shown large. */
const onlyEmoji =
  /^(\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f|\s){1,24}$/u;

/** The rows whose long message was opened. They stay open when they scroll out and back. */
const opened = perSession(() => new Set<string>());

/** Waits this long, so that rows passing under the pointer do not each build a toolbar. */
const hoverPause = 40;

export function MessageRow({ row, marked, member }: Props) {
  const { message, pending, author, at } = row;
  const d = t();
  const name = nameOf(author);
  const [active, setActive] = useState(false);
  const timer = useRef(0);
  const isEditing = editing.value?.seq === row.seq && editing.value.room === message?.room_id;
  const hover = (on: boolean, article: HTMLElement) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setActive(on || inUse(article)), hoverPause);
  };
  const time = formatTime(at);
  const offers = message && !message.deleted_at && !isEditing;
  // On a phone the sheet has what the toolbar has.
  const rest = useRest(offers ? () => openSheet(message, member) : undefined);

  return (
    <div class={css.item} data-row={message ? row.seq : 'pending'}>
      {row.day && <DaySeparator at={at} />}
      {row.line && (
        <div class={css.line} data-line="">
          <span>{d.unreadLine}</span>
        </div>
      )}
      <article
        class={cls(css.row, row.grouped && css.grouped, marked && css.marked, active && css.active)}
        aria-label={d.rowLabel(name, time)}
        tabIndex={-1}
        data-author={author}
        onMouseEnter={(event) => hover(true, event.currentTarget)}
        onMouseLeave={(event) => hover(false, event.currentTarget)}
        {...rest}
        onContextMenu={(event) => {
          if (isTouch() && !(event.target as Element).closest('a, textarea')) {
            event.preventDefault();
          }
        }}
        onFocusIn={() => setActive(true)}
        onFocusOut={(event) => {
          const to = event.relatedTarget;
          if (!(to instanceof Node && event.currentTarget.contains(to))) {
            setActive(event.currentTarget.matches(':hover'));
          }
        }}
      >
        <div class={css.side} data-person={row.grouped ? undefined : author}>
          {row.grouped ? (
            <time class={css.when} dateTime={new Date(at).toISOString()}>
              {time}
            </time>
          ) : (
            <Avatar id={author} name={displayNameOf(author)} />
          )}
        </div>
        <div class={css.main}>
          {!row.grouped && (
            <p class={css.head}>
              <bdi class={css.name} data-person={author}>
                {name}
              </bdi>
              <BotBadge person={author} />
              <time class={css.time} dateTime={new Date(at).toISOString()} title={formatDateTime(at)}>
                {time}
              </time>
            </p>
          )}
          {isEditing && message ? <RowEdit message={message} /> : <Body row={row} active={active} />}
          {pending?.state === 'queued' && (
            <span class={css.state} title={d.queued}>
              <Icon of={Clock} size={0.875} />
              <span class="hidden">{d.queued}</span>
            </span>
          )}
          {pending?.state === 'refused' && <RefusedLine pending={pending} />}
          {message && !message.deleted_at && <Reactions message={message} active={active} member={member} />}
        </div>
        {active && offers && <RowToolbar message={message} member={member} />}
      </article>
    </div>
  );
}

// Tells whether the keyboard, an open menu or the finger that tapped it is still in the row that the pointer has left.
function inUse(article: HTMLElement): boolean {
  const focus = isTouch() ? ':focus' : ':focus-visible';
  return article.matches(focus) || article.querySelector(`${focus}, :popover-open`) !== null;
}

// Shows the plain text until the server's markup comes, in the same place, so that nothing jumps.
function Body({ row, active }: { row: Row; active: boolean }) {
  const { message } = row;
  const text = row.pending?.body ?? '';
  // Kept, so that what other code notes in the markup stays there.
  const html = message?.html;
  const markup = useMemo(() => (html ? messageHTML(html) : undefined), [html]);
  // A message just written is not shortened.
  const [whole, setWhole] = useState(() => opened.now.has(row.key) || !message);
  if (message?.deleted_at) {
    const by = message.deleted_by;
    return <p class={css.gone}>{by ? t().deletedBy(nameOf(by)) : t().deleted}</p>;
  }
  if (!message) {
    return (
      <div key="text" class={cls('markdown', css.plain, onlyEmoji.test(text) && css.big)} dir="auto">
        {text}
      </div>
    );
  }
  const show = (next: boolean) => {
    opened.now[next ? 'add' : 'delete'](row.key);
    setWhole(next);
  };
  const folded = blocked.value.has(message.author_id);
  if (folded && !whole) {
    return (
      <button type="button" class={css.fold} onClick={() => show(true)}>
        {t().blocked}
      </button>
    );
  }
  const long = isLong(message.body) || folded;
  return (
    <>
      <div
        key={message.html ? 'html' : 'words'}
        class={cls('markdown', onlyEmoji.test(message.body) && css.big, long && !whole && css.clamped)}
        onFocusIn={(event) => {
          // The focused link may be in the hidden part.
          if (long && !whole && (event.target as Element).matches(':focus-visible')) {
            show(true);
          }
        }}
        {...(markup ?? { children: <p dir="auto">{message.body}</p> })}
      />
      {long && (
        <button
          type="button"
          class={css.fold}
          aria-expanded={whole}
          tabIndex={active ? 0 : -1}
          data-fold={whole ? 'less' : 'more'}
          onClick={() => show(!whole)}
        >
          {whole ? t().showLess : t().showMore}
        </button>
      )}
      {message.edited_at && (
        <span class={css.edited} title={formatDateTime(message.edited_at)}>
          {t().edited}
        </span>
      )}
    </>
  );
}
