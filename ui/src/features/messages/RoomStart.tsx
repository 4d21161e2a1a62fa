// The beginning of a room: what it is for, who is here, and what one can do first.
import { Pencil, UserPlus } from 'lucide';
import { Avatar } from '../../kit/Avatar';
import { Button } from '../../kit/Button';
import { displayNameOf, othersIn, people } from '../../store/people';
import { previewOf, type RoomID, type RoomState, type RoomView, roomOf } from '../../store/rooms';
import { isAdmin, me } from '../../store/session';
import { openInvite } from '../invites/open';
import { openAddMembers } from '../members/open';
import { RoomIcon } from '../people/RoomIcon';
import { openEditRoom } from '../room-dialogs/open';
import css from './RoomStart.module.css';
import { t } from './texts';

interface Props {
  id: RoomID;
  title: string;
  member: boolean;
  /** Shown when nobody has written yet. */
  empty?: string | undefined;
}

const faces = 4;

export function RoomStart({ id, title, member, empty }: Props) {
  const d = t();
  const room = roomOf(id).value ?? previewOf(id).value;
  if (!room) {
    return null;
  }
  const others = room.kind === 'direct' ? othersIn(room).slice(0, faces) : [];
  return (
    <div class={css.start}>
      <div class={css.faces}>
        {others.length ? (
          others.map((one) => <Avatar key={one} id={one} name={displayNameOf(one)} size="l" />)
        ) : (
          <span class={css.icon}>
            <RoomIcon room={room} />
          </span>
        )}
      </div>
      <h2 class={css.title}>
        <bdi>{title}</bdi>
      </h2>
      {room.topic && (
        <p class={css.topic} dir="auto">
          {room.topic}
        </p>
      )}
      <p class={css.text}>
        {d.sentences([
          others.length ? d.roomStartDirect(title) : d.roomStart(title),
          ...(room.kind === 'private' ? [d.roomStartPrivate] : []),
          ...(empty ? [empty] : []),
        ])}
      </p>
      {member && !room.archived_at && <Acts room={room} />}
    </div>
  );
}

/** Brings people in: by a link while there is nobody else on the server, and else from those who are there. */
function Acts({ room }: { room: RoomState | RoomView }) {
  const d = t();
  const { id, kind } = room;
  const named = kind === 'public' || kind === 'private';
  const alone = ![...people.value.values()].some(
    (one) => one.id !== me.value?.id && !one.bot && !one.deactivated,
  );
  const invites = isAdmin.value && alone && kind !== 'direct';
  const adds = named && !alone;
  const says = named && !room.topic && room.role === 'owner';
  if (!invites && !adds && !says) {
    return null;
  }
  return (
    <div class={css.acts}>
      {invites && (
        <Button kind="primary" icon={UserPlus} onClick={openInvite}>
          {d.inviteTitle}
        </Button>
      )}
      {adds && (
        <Button icon={UserPlus} onClick={() => openAddMembers(id)}>
          {d.addPeople}
        </Button>
      )}
      {says && (
        <Button icon={Pencil} onClick={() => openEditRoom(id)}>
          {d.addTopic}
        </Button>
      )}
    </div>
  );
}
