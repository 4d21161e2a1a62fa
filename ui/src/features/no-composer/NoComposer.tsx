// Stands in place of the composer where the reader may not write: why, what can be done about it, and what they were
// writing.
import { lazy } from '../../kit/lazy';
import type { UserID } from '../../net/types';
import type { RoomID } from '../../store/rooms';
import css from './Bar.module.css';
import { Draft } from './Draft';
import { JoinBar } from './JoinBar';
import { PostersLine } from './PostersLine';

const BlockedLine = lazy(() => import('../blocks/BlockedLine').then((it) => it.BlockedLine));

interface Props {
  room: RoomID;
  archived: boolean;
  member: boolean;
  /** The one person of a direct conversation whom the reader has blocked. */
  apart: UserID | undefined;
}

export function NoComposer({ room, archived, member, apart }: Props) {
  return (
    <>
      <Draft room={room} />
      <div class={css.bar}>
        {apart && !archived ? (
          <BlockedLine person={apart} />
        ) : member || archived ? (
          <PostersLine archived={archived} />
        ) : (
          <JoinBar room={room} />
        )}
      </div>
    </>
  );
}
