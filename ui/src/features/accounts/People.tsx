// Everyone on the server, for the owner and the admins: find somebody and look after their account.
import { useRef, useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import form from '../../kit/form.module.css';
import type { Role, User, UserID } from '../../net/types';
import { nameOf, people, personOf } from '../../store/people';
import { PeopleList } from '../find-people/PeopleList';
import { PeopleSearch } from '../find-people/PeopleSearch';
import { findPeople, mostShown } from '../find-people/search';
import { Account } from './Account';
import css from './People.module.css';
import { t } from './texts';

const roles: readonly Role[] = ['owner', 'admin', 'member'];

/** The owners first, and the deactivated last. */
const order = (user: User) => roles.indexOf(user.role) + (user.deactivated ? roles.length : 0);

export function People() {
  const d = t();
  const box = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState('');
  const [shown, setShown] = useState<UserID>();
  const all = [...people.value.values()];
  const found = findPeople(query, all, (a, b) => order(a) - order(b));

  const close = () => {
    const id = shown;
    setShown(undefined);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-account="${id}"]`)?.focus());
  };

  return (
    <>
      <p class={form.note}>{d.accountsText}</p>
      <div ref={box} class={css.list}>
        <PeopleSearch value={query} onValue={setQuery} />
        <p class={form.note} role="status">
          {found.length === 0 ? d.noMatches : d.accountsCount(found.length)}
          {found.length > mostShown && ` ${d.accountsMore(mostShown)}`}
        </p>
        <PeopleList
          people={found.slice(0, mostShown).map((user) => user.id)}
          end={(id) => <End person={id} onManage={() => setShown(id)} />}
        />
      </div>
      {shown !== undefined && <Account key={shown} person={shown} onClose={close} />}
    </>
  );
}

function End({ person, onManage }: { person: UserID; onManage: () => void }) {
  const d = t();
  const role = personOf(person).value?.role ?? 'member';
  const words = { owner: d.roleOwner, admin: d.roleAdmin, member: '' };
  return (
    <span class={css.end}>
      <span class={form.note}>{words[role]}</span>
      <Button aria-label={d.accountsManageOf(nameOf(person))} data-account={person} onClick={onManage}>
        {d.accountsManage}
      </Button>
    </span>
  );
}
