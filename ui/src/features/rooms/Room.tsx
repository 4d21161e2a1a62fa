// A room: the header, the messages, and the composer or the reason why there is none.
import { useEffect, useLayoutEffect } from 'preact/hooks';
import { formatList } from '../../i18n';
import { lazy } from '../../kit/lazy';
import { visits } from '../../router';
import { openRoom as opened } from '../../store/messages';
import { titleOf } from '../../store/people';
import { missing, previewOf, type RoomID, roomOf, roomsLoaded } from '../../store/rooms';
import { isAdmin } from '../../store/session';
import { useTitle } from '../../title';
import { loadMembers } from '../members/actions';
import { useAnywhere } from '../messages/anywhere';
import { Composer } from '../messages/Composer';
import { leaveRoomOpen, openRoom } from '../messages/history';
import { RoomMessages } from '../messages/RoomMessages';
import { TypingLine } from '../messages/TypingLine';
import { loadPreview } from './actions';
import { JoinBar } from './JoinBar';
import { PostersLine } from './PostersLine';
import css from './Room.module.css';
import { RoomHeader } from './RoomHeader';
import './listen';

const Missing = lazy(() => import('./Missing').then((it) => it.Missing));

interface Props {
  room: RoomID;
  /** A permalink's message. */
  seq?: number;
}

export function Room({ room, seq }: Props) {
  const own = roomOf(room).value;
  const preview = previewOf(room).value;
  const shown = own ?? preview;
  const loaded = roomsLoaded.value;
  const member = Boolean(own);
  const visit = seq ? visits.value : 0;
  const title = shown ? titleOf(shown, formatList) : '';
  useTitle(title);
  useAnywhere(room);

  useEffect(() => {
    if (loaded && !member) {
      void loadPreview(room);
    }
  }, [room, loaded, member]);
  const known = Boolean(shown) && loaded;
  // Runs before the list first renders, because the list opens at what is unread now.
  useLayoutEffect(() => {
    if (known) {
      openRoom(room, seq);
    }
  }, [room, seq, visit, known, member]);
  useLayoutEffect(() => leaveRoomOpen, [room]);
  useEffect(() => {
    if (own?.kind === 'announcements') {
      void loadMembers(room);
    }
  }, [room, own?.kind]);

  if (!shown) {
    return missing.value.has(room) ? <Missing room={room} /> : <div class={css.room} aria-busy="true" />;
  }
  const mayPost = member && !shown.archived_at && (shown.kind !== 'announcements' || isAdmin.value);
  return (
    <div class={css.room}>
      <RoomHeader room={shown} title={title} member={member} />
      {opened.value === room ? (
        <RoomMessages key={room} room={room} title={title} member={member} mayPost={mayPost} marked={seq} />
      ) : (
        <div class={css.room} />
      )}
      <TypingLine room={room} />
      {mayPost ? (
        <Composer key={room} room={room} title={title} />
      ) : member || shown.archived_at ? (
        <PostersLine archived={Boolean(shown.archived_at)} />
      ) : (
        <JoinBar room={room} />
      )}
    </div>
  );
}
