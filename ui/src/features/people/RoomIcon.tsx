// The icon before a room's name: a sign for its kind, or the other person of a direct room.
import { Hash, Lock, Megaphone, UsersRound } from 'lucide';
import { Avatar } from '../../kit/Avatar';
import { Icon } from '../../kit/Icon';
import { displayNameOf, othersIn } from '../../store/people';
import type { RoomState } from '../../store/rooms';
import { PresenceDot } from './PresenceDot';
import css from './RoomIcon.module.css';

const icons = { public: Hash, private: Lock, announcements: Megaphone, direct: UsersRound };

export function RoomIcon({ room }: { room: Pick<RoomState, 'kind' | 'member_ids'> }) {
  const others = room.kind === 'direct' ? othersIn(room) : [];
  const [one] = others;
  if (one !== undefined && others.length === 1) {
    return (
      <span class={css.person}>
        <Avatar id={one} name={displayNameOf(one)} size="s" />
        <PresenceDot person={one} corner />
      </span>
    );
  }
  return (
    <span class={css.icon}>
      <Icon of={icons[room.kind]} />
    </span>
  );
}
