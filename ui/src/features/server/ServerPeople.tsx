// Everyone on the server, with their roles; the owner changes them.
import { useState } from 'preact/hooks';
import { Avatar } from '../../kit/Avatar';
import { Field } from '../../kit/Field';
import css from '../../kit/form.module.css';
import { bestFit } from '../../kit/match';
import { Select } from '../../kit/Select';
import { toast } from '../../kit/toasts';
import type { Role, User } from '../../net/types';
import { people } from '../../store/people';
import { isOwner } from '../../store/session';
import { t as find } from '../find-people/texts';
import { BotBadge } from '../people/BotBadge';
import { failureText } from '../words/failures';
import { setRole } from './actions';
import { t } from './texts';

/** More than this many are found by typing, not by scrolling. */
const shown = 100;

export function ServerPeople() {
  const d = t();
  const [query, setQuery] = useState('');
  const all = [...people.value.values()];
  const found = all
    .filter((user) => bestFit(query, [user.display_name, user.name]) > 0)
    .sort((a, b) => rank(a.role) - rank(b.role) || a.display_name.localeCompare(b.display_name));
  return (
    <div class={css.form}>
      <p class={css.note}>{d.serverPeopleCount(all.length)}</p>
      {all.length > 8 && (
        <Field
          label={find().directSearch}
          bare
          type="search"
          placeholder={find().directSearch}
          value={query}
          onValue={setQuery}
          autocomplete="off"
        />
      )}
      <ul class={css.list}>
        {found.slice(0, shown).map((user) => (
          <Person key={user.id} user={user} />
        ))}
      </ul>
      {found.length === 0 && <p role="status">{d.noMatches}</p>}
    </div>
  );
}

const rank = (role: Role) => ['owner', 'admin', 'member'].indexOf(role);

function Person({ user }: { user: User }) {
  const d = t();
  const name = user.display_name || user.name;
  const roles = { owner: d.roleOwner, admin: d.roleAdmin, member: d.roleMember };

  const choose = async (role: 'admin' | 'member') => {
    const result = await setRole(user.id, role);
    toast(result.ok ? d.saved : failureText(result.failure), { kind: result.ok ? 'info' : 'error' });
  };

  return (
    <li class={css.row}>
      <Avatar id={user.id} name={name} />
      <span class={css.grow}>
        <span class={css.name}>
          {name}
          <BotBadge person={user.id} />
        </span>
        <span class={css.detail}>@{user.name}</span>
      </span>
      {isOwner.value && user.role !== 'owner' ? (
        <span>
          <Select
            label={d.serverRoleOf(name)}
            bare
            value={user.role}
            onValue={(value) => void choose(value)}
            options={[
              ['member', d.roleMember],
              ['admin', d.roleAdmin],
            ]}
          />
        </span>
      ) : (
        <span class={css.note}>{roles[user.role]}</span>
      )}
    </li>
  );
}
