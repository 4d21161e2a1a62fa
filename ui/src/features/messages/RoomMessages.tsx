// Shows the list of messages, or the reason why there is none.
import { useMemo } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { EmptyState } from '../../kit/EmptyState';
import { Skeleton } from '../../kit/Skeleton';
import { loadFailed, type Pending, pendingOf, segmentOf, unreadLine } from '../../store/messages';
import type { RoomID } from '../../store/rooms';
import { me } from '../../store/session';
import { loadPresent } from './history';
import { MessageList } from './MessageList';
import css from './RoomMessages.module.css';
import { RoomStart } from './RoomStart';
import { t } from './texts';

interface Props {
  room: RoomID;
  title: string;
  member: boolean;
  mayPost: boolean;
  marked?: number;
}

const none: readonly Pending[] = [];

export function RoomMessages({ room, title, member, mayPost, marked }: Props) {
  const d = t();
  const segment = segmentOf(room).value;
  const waiting = pendingOf(room).value ?? none;
  const line = unreadLine.value;
  // Waiting messages belong after the newest one, which is not loaded in the middle of the history.
  const pending = segment?.after ? none : waiting;
  const author = me.value?.id ?? 0;
  const messages = useMemo(() => segment?.messages ?? [], [segment]);

  if (!segment && !pending.length) {
    return (
      <div class={css.middle}>
        {loadFailed.value.has(room) ? (
          <EmptyState
            title={d.roomLoadFailed}
            action={<Button onClick={() => void loadPresent(room)}>{d.retry}</Button>}
          />
        ) : (
          <Skeleton rows={8} tiles />
        )}
      </div>
    );
  }
  if (!messages.length && !pending.length) {
    return (
      <div class={css.middle}>
        <div class={css.column}>
          <RoomStart
            id={room}
            title={title}
            member={member}
            empty={mayPost ? d.roomEmpty : d.roomEmptyQuiet}
          />
        </div>
      </div>
    );
  }
  return (
    <div class={css.middle}>
      <MessageList
        room={room}
        title={title}
        messages={messages}
        pending={pending}
        me={author}
        line={line?.room === room ? line.seq : undefined}
        marked={marked}
        member={member}
      />
    </div>
  );
}
