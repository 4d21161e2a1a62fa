// One member in the panel; pressed, it opens the person's card.

import { Avatar } from '../../kit/Avatar';
import type { Member, RoomID } from '../../net/types';
import { nameOf, personOf } from '../../store/people';
import { me } from '../../store/session';
import { BotBadge } from '../people/BotBadge';
import { PresenceDot } from '../people/PresenceDot';
import css from './PersonRow.module.css';
import { openCard } from './panel';
import { t } from './texts';

interface Props {
  room: RoomID;
  member: Member;
}

export function PersonRow({ room, member }: Props) {
  const d = t();
  const id = member.user_id;
  const name = nameOf(id);
  const login = personOf(id).value?.name;
  return (
    <li>
      <button
        type="button"
        class={css.row}
        aria-haspopup="dialog"
        onClick={(event) => openCard(event.currentTarget, room, id)}
      >
        <span class={css.tile}>
          <Avatar id={id} name={name} />
          <PresenceDot person={id} corner />
        </span>
        <span class={css.words}>
          <span class={css.name}>
            {name}
            {id === me.value?.id && <span class={css.you}> ({d.you})</span>}
            <BotBadge person={id} />
          </span>
          {login && <span class={css.login}>@{login}</span>}
        </span>
        {member.role === 'owner' && <span class={css.role}>{d.roleOwner}</span>}
      </button>
    </li>
  );
}
