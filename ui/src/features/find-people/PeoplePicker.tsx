// Finds people and picks some of them.
import { X } from 'lucide';
import { useState } from 'preact/hooks';
import { formatNumber } from '../../i18n';
import { Avatar } from '../../kit/Avatar';
import { Field } from '../../kit/Field';
import css from '../../kit/form.module.css';
import { Icon } from '../../kit/Icon';
import { bestFit } from '../../kit/match';
import type { User, UserID } from '../../net/types';
import { nameOf } from '../../store/people';
import { BotBadge } from '../people/BotBadge';
import own from './PeoplePicker.module.css';
import { t } from './texts';

interface Props {
  people: readonly User[];
  picked: readonly UserID[];
  onPicked: (picked: readonly UserID[]) => void;
  /** How many may be picked. */
  most?: number;
}

/** More than this many are found by typing, not by scrolling. */
const shown = 100;

export function PeoplePicker({ people, picked, onPicked, most = Number.POSITIVE_INFINITY }: Props) {
  const d = t();
  const [query, setQuery] = useState('');
  const found = people
    .map((user) => ({ user, fit: bestFit(query, [user.display_name, user.name]) }))
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit || a.user.display_name.localeCompare(b.user.display_name))
    .slice(0, shown);
  const full = picked.length >= most;
  const toggle = (id: UserID) =>
    onPicked(picked.includes(id) ? picked.filter((one) => one !== id) : [...picked, id]);

  return (
    <div class={css.form}>
      <Field
        label={d.directSearch}
        bare
        type="search"
        placeholder={d.directSearch}
        value={query}
        onValue={setQuery}
        autocomplete="off"
        autofocus
      />
      {picked.length > 0 && (
        <ul class={own.picks}>
          {picked.map((id) => (
            <li key={id}>
              <button
                type="button"
                class={own.pick}
                aria-label={d.removePick(nameOf(id))}
                onClick={() => toggle(id)}
              >
                {nameOf(id)}
                <Icon of={X} size={0.875} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <ul class={`${css.list} ${css.scroll}`}>
        {found.map(({ user }) => (
          <li key={user.id}>
            <label class={css.row}>
              <Avatar id={user.id} name={user.display_name || user.name} />
              <span class={css.grow}>
                <span class={css.name}>
                  {user.display_name || user.name}
                  <BotBadge person={user.id} />
                </span>
                <span class={css.detail}>@{user.name}</span>
              </span>
              <input
                type="checkbox"
                class={own.check}
                checked={picked.includes(user.id)}
                disabled={full && !picked.includes(user.id)}
                onChange={() => toggle(user.id)}
              />
            </label>
          </li>
        ))}
      </ul>
      <p class={css.note} role="status">
        {found.length === 0 ? d.noMatches : picked.length > 0 ? d.picked(picked.length) : ''}
        {full && ` ${d.directMost(most)}`}
        {found.length === shown && ` ${formatNumber(shown)}+`}
      </p>
    </div>
  );
}
