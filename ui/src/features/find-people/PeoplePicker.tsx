// Finds people and picks some of them.
import { X } from 'lucide';
import { useState } from 'preact/hooks';
import { formatNumber } from '../../i18n';
import { cls } from '../../kit/cls';
import css from '../../kit/form.module.css';
import { Icon } from '../../kit/Icon';
import type { User, UserID } from '../../net/types';
import { nameOf } from '../../store/people';
import { PeopleList } from './PeopleList';
import own from './PeoplePicker.module.css';
import { PeopleSearch } from './PeopleSearch';
import { findPeople, mostShown } from './search';
import { t } from './texts';

interface Props {
  people: readonly User[];
  picked: readonly UserID[];
  onPicked: (picked: readonly UserID[]) => void;
  /** How many may be picked. */
  most?: number | undefined;
}

export function PeoplePicker({ people, picked, onPicked, most = Number.POSITIVE_INFINITY }: Props) {
  const d = t();
  const [query, setQuery] = useState('');
  const found = findPeople(query, people).slice(0, mostShown);
  const full = picked.length >= most;
  const toggle = (id: UserID) =>
    onPicked(picked.includes(id) ? picked.filter((one) => one !== id) : [...picked, id]);

  return (
    <div class={own.picker}>
      <PeopleSearch value={query} onValue={setQuery} autofocus />
      <PeopleList
        people={found.map((user) => user.id)}
        label
        scroll
        end={(id) => (
          <input
            type="checkbox"
            class={own.check}
            checked={picked.includes(id)}
            disabled={full && !picked.includes(id)}
            onChange={() => toggle(id)}
          />
        )}
      />
      {/* Below the list, which must not move under the pointer that picks several people. */}
      <ul class={own.picks}>
        {picked.map((id) => (
          <li key={id}>
            <button
              type="button"
              class={own.pick}
              aria-label={d.removePick(nameOf(id))}
              onClick={() => toggle(id)}
            >
              <bdi>{nameOf(id)}</bdi>
              <Icon of={X} size={0.875} />
            </button>
          </li>
        ))}
      </ul>
      <p class={cls(css.note, own.note)} role="status">
        {found.length === 0 ? d.noMatches : picked.length > 0 ? d.picked(picked.length) : ''}
        {full && ` ${d.directMost(most)}`}
        {found.length === mostShown && ` ${formatNumber(mostShown)}+`}
      </p>
    </div>
  );
}
