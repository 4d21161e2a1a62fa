// One person's account: what is known of it, and what can be done to it.
import { useEffect, useState } from 'preact/hooks';
import { formatDateTime } from '../../i18n';
import { Button } from '../../kit/Button';
import { CopyField } from '../../kit/CopyField';
import { Dialog } from '../../kit/Dialog';
import form from '../../kit/form.module.css';
import { Select } from '../../kit/Select';
import { toast } from '../../kit/toasts';
import type { Failure, Result } from '../../net/result';
import type { UserID } from '../../net/types';
import { nameOf, personOf } from '../../store/people';
import { isOwner, me } from '../../store/session';
import { BotBadge } from '../people/BotBadge';
import { failureText } from '../words/failures';
import {
  type Account as AccountState,
  endSessions,
  makeReset,
  type Reset,
  type Role,
  reactivate,
  setRole,
  showAccount,
} from './actions';
import { ConfirmRole, Deactivate } from './Confirm';
import css from './People.module.css';
import { t } from './texts';

interface Props {
  person: UserID;
  onClose: () => void;
}

type Asking = { what: 'deactivate' } | { what: 'role'; role: Role };

export function Account({ person, onClose }: Props) {
  const d = t();
  const user = personOf(person).value;
  const name = nameOf(person);
  const [state, setState] = useState<AccountState>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [reset, setReset] = useState<Reset>();
  const [asking, setAsking] = useState<Asking>();

  const load = async () => {
    const result = await showAccount(person);
    if (result.ok) {
      setState(result.value);
    } else {
      setProblem(failureText(result.failure));
    }
  };
  useEffect(() => void load(), [user?.deactivated]);

  /** Does something, says so, and shows the account as it is then. */
  const act = async <T,>(doing: Promise<Result<T>>, done?: string): Promise<T | undefined> => {
    setBusy(true);
    const result = await doing;
    setBusy(false);
    setProblem(result.ok ? undefined : failure(result.failure));
    if (!result.ok) {
      return undefined;
    }
    if (done) {
      toast(done);
    }
    void load();
    return result.value;
  };
  const failure = (of: Failure) => (of.code === 'last_owner' ? d.accountsLastOwner : failureText(of));

  if (!user) {
    return null;
  }
  if (asking?.what === 'deactivate') {
    return <Deactivate person={person} onClose={() => setAsking(undefined)} />;
  }
  if (asking?.what === 'role') {
    return (
      <ConfirmRole
        person={person}
        onClose={(yes) => {
          setAsking(undefined);
          if (yes) {
            void act(setRole(person, asking.role), d.saved);
          }
        }}
      />
    );
  }

  const mine = me.value?.id === person;
  const below = isOwner.value ? user.role !== 'owner' : user.role === 'member';
  const words = { owner: d.roleOwner, admin: d.roleAdmin, member: d.accountsMember };
  const choose = (role: Role) =>
    role === 'owner' || mine ? setAsking({ what: 'role', role }) : void act(setRole(person, role), d.saved);

  return (
    <Dialog title={name} onClose={onClose}>
      <div class={form.form}>
        {problem && (
          <p class={form.problem} role="alert">
            {problem}
          </p>
        )}
        <p>
          @{user.name}
          <BotBadge person={person} />
        </p>
        <p class={form.note} role="status">
          {state &&
            `${(user.bot ? d.accountsTokens : d.accountsSessions)(state.sessions)} · ${
              state.last_seen_at ? d.accountsSeen(formatDateTime(state.last_seen_at)) : d.accountsNeverSeen
            }`}
          {state?.deleting && ` · ${d.accountsDeleting}`}
        </p>
        {isOwner.value && (below || mine) ? (
          <Select
            label={d.accountsRole}
            value={user.role}
            onValue={(role) => choose(role as Role)}
            options={[
              ['member', d.accountsMember],
              ['admin', d.roleAdmin],
              ...(user.bot || user.deactivated ? [] : [['owner', d.roleOwner] as const]),
            ]}
          />
        ) : (
          <p>
            {d.accountsRole}: {words[user.role]}
          </p>
        )}
        {!below && !mine && <p class={form.note}>{d.accountsHigher}</p>}
        {reset && (
          <>
            <CopyField label={d.accountsResetLink(name)} value={reset.url} />
            <p class={form.note}>{d.accountsResetOnce}</p>
          </>
        )}
        {below && !mine && (
          <div class={css.acts}>
            {!user.deactivated && !user.bot && !reset && (
              <Button busy={busy} onClick={() => void act(makeReset(person)).then((made) => setReset(made))}>
                {d.accountsReset}
              </Button>
            )}
            {!user.deactivated && (
              <Button busy={busy} onClick={() => void act(endSessions(person), d.accountsEnded(name))}>
                {d.accountsEnd}
              </Button>
            )}
            {user.deactivated ? (
              <Button busy={busy} onClick={() => void act(reactivate(person), d.accountsReactivated(name))}>
                {d.accountsReactivate}
              </Button>
            ) : (
              <Button kind="danger" busy={busy} onClick={() => setAsking({ what: 'deactivate' })}>
                {d.accountsDeactivate}
              </Button>
            )}
          </div>
        )}
      </div>
    </Dialog>
  );
}
