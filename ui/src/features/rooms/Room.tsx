// A room: the header, the messages, and the composer or the reason why there is none.
import { useEffect, useLayoutEffect } from 'preact/hooks';
import { formatList } from '../../i18n';
import { footRef } from '../../kit/foot';
import { lazy } from '../../kit/lazy';
import { visits } from '../../router';
import { blocked } from '../../store/blocks';
import { openRoom as opened } from '../../store/messages';
import { othersIn, titleOf } from '../../store/people';
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
import css from './Room.module.css';
import { RoomHeader } from './RoomHeader';

// It is as high as what holds its place.
const NoComposer = lazy(() => import('../no-composer/NoComposer').then((it) => it.NoComposer), {
  ahead: true,
  waiting: () => <div class={css.foot} />,
});
const NoRoom = lazy(() => import('../not-found/NoRoom').then((it) => it.NoRoom), {
  waiting: () => <div class={css.room} />,
});

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

  if (!shown && missing.value.has(room)) {
    return <NoRoom room={room} />;
  }
  if (!shown) {
    // As high as what comes in its place.
    return (
      <div class={css.room} aria-busy="true">
        <RoomHeader key="head" id={room} title="" member={false} />
        <RoomMessages key={room} room={room} title="" member={false} mayPost={false} />
        <div key="foot" ref={footRef}>
          <TypingLine room={room} />
          <div class={css.foot} />
        </div>
      </div>
    );
  }
  const others = shown.kind === 'direct' ? othersIn(shown) : [];
  const apart = others.find((one) => others.length === 1 && blocked.value.has(one));
  const mayPost = member && !apart && !shown.archived_at && (shown.kind !== 'announcements' || isAdmin.value);
  return (
    <div class={css.room}>
      <RoomHeader key="head" id={room} room={shown} title={title} member={member} />
      {opened.value === room ? (
        <RoomMessages key={room} room={room} title={title} member={member} mayPost={mayPost} marked={seq} />
      ) : (
        <div class={css.room} />
      )}
      <div key="foot" ref={footRef}>
        <TypingLine room={room} writes={mayPost} />
        {mayPost ? (
          <Composer key={room} room={room} title={title} />
        ) : (
          <NoComposer room={room} archived={Boolean(shown.archived_at)} member={member} apart={apart} />
        )}
      </div>
    </div>
  );
}
