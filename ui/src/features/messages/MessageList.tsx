// The messages of the open room: a window of rows over the segment, kept still while it moves.
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { lazy } from '../../kit/lazy';
import type { Message, Pending } from '../../store/messages';
import type { RoomID } from '../../store/rooms';
import { openCard } from '../members/panel';
import { ListView } from './listView';
import css from './MessageList.module.css';
import { MessageRow } from './MessageRow';
import { RoomStart } from './RoomStart';
import { rowKeys } from './rowKeys';
import { type Row, rowsOf, sameRow } from './rows';
import { t } from './texts';

// They lie over the list, so nothing moves when they come later.
const JumpPill = lazy(() => import('./JumpPill').then((it) => it.JumpPill), { ahead: true });
const UnreadBar = lazy(() => import('./UnreadBar').then((it) => it.UnreadBar), { ahead: true });

interface Props {
  room: RoomID;
  title: string;
  messages: readonly Message[];
  pending: readonly Pending[];
  me: number;
  /** The first unread message. */
  line?: number;
  /** The message of a permalink. */
  marked?: number;
  member: boolean;
}

export function MessageList(props: Props) {
  const { room, title, messages, pending, me, line, marked, member } = props;
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => rowsOf(messages, pending, me, line), [messages, pending, me, line]);
  const view = useMemo(() => new ListView(room, rows), [room]);
  view.take(rows);
  view.moved.value;
  const { from, to } = view.window;
  // The DOM does not have this change yet.
  view.scroll?.hold();

  useLayoutEffect(
    () => (box.current && content.current ? view.start(box.current, content.current) : undefined),
    [view],
  );
  useLayoutEffect(() => view.settle());
  useEffect(() => view.follow(), [view]);

  const drawn = useRows(rows.slice(from, to), marked, member);
  return (
    <div class={css.frame}>
      <UnreadBar view={view} room={room} />
      <div
        ref={box}
        class={css.box}
        role="log"
        data-region="list"
        aria-live="off"
        aria-label={t().messagesLabel(title)}
        onScroll={() => view.scrolled()}
        onKeyDown={(event) => rowKeys(event, view)}
        onClick={(event) => {
          const at = event.target as Element;
          const fold = at.closest<HTMLElement>('[data-fold]');
          const opens = fold?.dataset.fold === 'more';
          view.scroll?.keep((opens && fold?.closest('[data-row]')) || fold);
          // The pointer opens the card here; the keyboard opens it in the row's menu.
          const who = at.closest<HTMLElement>('[data-person]');
          if (who) {
            openCard(who, room, Number(who.dataset.person));
          }
        }}
        onFocusIn={(event) => view.focused(event.target)}
      >
        <div ref={content} class={css.content}>
          {from === 0 && view.atStart && <RoomStart id={room} title={title} member={member} />}
          {drawn}
        </div>
      </div>
      <JumpPill view={view} room={room} />
    </div>
  );
}

interface Drawn {
  row: Row;
  marked: boolean;
  member: boolean;
  node: VNode;
}

// A row that did not change keeps its node, and Preact does not look into it again.
function useRows(rows: readonly Row[], marked: number | undefined, member: boolean): VNode[] {
  const before = useRef(new Map<string, Drawn>());
  const now = new Map<string, Drawn>();
  for (const row of rows) {
    const old = before.current.get(row.key);
    const isMarked = row.seq === marked;
    now.set(
      row.key,
      old && sameRow(old.row, row) && old.marked === isMarked && old.member === member
        ? old
        : {
            row,
            marked: isMarked,
            member,
            node: <MessageRow key={row.key} row={row} marked={isMarked} member={member} />,
          },
    );
  }
  before.current = now;
  return [...now.values()].map((one) => one.node);
}
