// Everyone on the server, with their roles; the owner changes them.
import { useState } from 'preact/hooks';
import css from '../../kit/form.module.css';
import { Select } from '../../kit/Select';
import { toast } from '../../kit/toasts';
import type { Role, UserID } from '../../net/types';
import { nameOf, people, personOf } from '../../store/people';
import { isOwner } from '../../store/session';
import { PeopleList } from '../find-people/PeopleList';
import { PeopleSearch } from '../find-people/PeopleSearch';
import { findPeople, mostShown } from '../find-people/search';
import { failureText } from '../words/failures';
import { setRole } from './actions';
import { t } from './texts';

const rank = (role: Role) => ['owner', 'admin', 'member'].indexOf(role);

export function ServerPeople() {
  const d = t();
  const [query, setQuery] = useState('');
  const all = [...people.value.values()];
  const found = findPeople(query, all, (a, b) => rank(a.role) - rank(b.role));
  return (
    <div class={css.form}>
      <p class={css.note}>{d.serverPeopleCount(all.length)}</p>
      {all.length > 8 && <PeopleSearch value={query} onValue={setQuery} />}
      <PeopleList
        people={found.slice(0, mostShown).map((user) => user.id)}
        end={(id) => <RoleOf person={id} />}
      />
      {found.length === 0 && <p role="status">{d.noMatches}</p>}
    </div>
  );
}

/** What someone is on the server; the owner chooses it. */
function RoleOf({ person }: { person: UserID }) {
  const d = t();
  const role = personOf(person).value?.role ?? 'member';
  const roles = { owner: d.roleOwner, admin: d.roleAdmin, member: d.roleMember };

  const choose = async (next: 'admin' | 'member') => {
    const result = await setRole(person, next);
    toast(result.ok ? d.saved : failureText(result.failure), { kind: result.ok ? 'info' : 'error' });
  };

  if (!isOwner.value || role === 'owner') {
    return <span class={css.note}>{roles[role]}</span>;
  }
  return (
    <span>
      <Select
        label={d.serverRoleOf(nameOf(person))}
        bare
        value={role}
        onValue={(value) => void choose(value)}
        options={[
          ['member', d.roleMember],
          ['admin', d.roleAdmin],
        ]}
      />
    </span>
  );
}
