// One member in the panel; pressed, it opens the person's card.
import { useId, useRef } from 'preact/hooks';
import { t } from '../i18n';
import type { Member, RoomID } from '../net/types';
import { nameOf, personOf } from '../store/people';
import { me } from '../store/session';
import { Avatar } from './Avatar';
import { PersonCard } from './PersonCard';
import css from './PersonRow.module.css';
import { PresenceDot } from './PresenceDot';
import { place } from './place';

interface Props {
  room: RoomID;
  member: Member;
  mayManage: boolean;
}

export function PersonRow({ room, member, mayManage }: Props) {
  const d = t();
  const card = useId();
  const button = useRef<HTMLButtonElement>(null);
  const id = member.user_id;
  const name = nameOf(id);
  const login = personOf(id).value?.name;
  return (
    <li>
      <button ref={button} type="button" class={css.row} popovertarget={card} aria-haspopup="dialog">
        <span class={css.tile}>
          <Avatar id={id} name={name} />
          <PresenceDot person={id} corner />
        </span>
        <span class={css.words}>
          <span class={css.name}>
            {name}
            {id === me.value?.id && <span class={css.you}> ({d.you})</span>}
          </span>
          {login && <span class={css.login}>@{login}</span>}
        </span>
        {member.role === 'owner' && <span class={css.role}>{d.roleOwner}</span>}
      </button>
      <div
        id={card}
        popover="auto"
        role="dialog"
        aria-label={d.membersMore(name)}
        class={css.card}
        onToggle={(event) => {
          if (event.newState === 'open' && button.current) {
            place(event.currentTarget, button.current);
            event.currentTarget.querySelector('button')?.focus();
          }
        }}
      >
        <PersonCard room={room} member={member} mayManage={mayManage} />
      </div>
    </li>
  );
}
