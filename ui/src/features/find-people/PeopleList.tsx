// The one list of people: a row each, with tile, name, login, and whatever the caller puts at its end.
import type { ComponentChildren } from 'preact';
import { Avatar } from '../../kit/Avatar';
import { cls } from '../../kit/cls';
import type { UserID } from '../../net/types';
import { displayNameOf, nameOf, personOf } from '../../store/people';
import { me } from '../../store/session';
import { BotBadge } from '../people/BotBadge';
import { PresenceDot } from '../people/PresenceDot';
import css from './PeopleList.module.css';
import { t } from './texts';

interface Props {
  people: readonly UserID[];
  /** What stands at the end of a row. */
  end?: (person: UserID) => ComponentChildren;
  /** Each row is the label of the one control at its end. */
  label?: boolean;
  /** Each row is a button, which opens something about the person. */
  onPress?: (person: UserID, row: HTMLElement) => void;
  /** Shows who is online, and marks the reader's own row. */
  presence?: boolean;
  /** Scrolls by itself. */
  scroll?: boolean;
  /** Names only. */
  small?: boolean;
}

export function PeopleList({ people, scroll, ...row }: Props) {
  return (
    <ul class={cls(css.list, scroll && css.scroll)}>
      {people.map((person) => (
        <li key={person}>
          <Row person={person} {...row} />
        </li>
      ))}
    </ul>
  );
}

type RowProps = Omit<Props, 'people' | 'scroll'> & { person: UserID };

function Row({ person, end, label, onPress, presence, small }: RowProps) {
  const shown = (
    <>
      <span class={css.tile}>
        <Avatar id={person} name={displayNameOf(person)} size={small ? 's' : 'm'} />
        {presence && <PresenceDot person={person} corner />}
      </span>
      <Words person={person} small={small} presence={presence} />
      {end?.(person)}
    </>
  );
  const look = cls(css.row, small && css.small);
  if (onPress) {
    return (
      <button
        type="button"
        class={look}
        aria-haspopup="dialog"
        onClick={(event) => onPress(person, event.currentTarget)}
      >
        {shown}
      </button>
    );
  }
  // biome-ignore lint/a11y/noLabelWithoutControl: the control is what the caller puts at the end.
  return label ? <label class={look}>{shown}</label> : <div class={look}>{shown}</div>;
}

function Words({ person, small, presence }: Pick<RowProps, 'person' | 'small' | 'presence'>) {
  const login = personOf(person).value?.name;
  return (
    <span class={css.words}>
      <span class={css.name}>
        <bdi>{small ? nameOf(person) : displayNameOf(person)}</bdi>
        {presence && person === me.value?.id && <span class={css.you}> ({t().you})</span>}
        <BotBadge person={person} />
      </span>
      {login && !small && <span class={css.login}>@{login}</span>}
    </span>
  );
}
