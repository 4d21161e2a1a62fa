// One person's account: what is known of it, and what can be done to it.
import { useEffect, useState } from 'preact/hooks';
import { formatDate, formatDateTime } from '../../i18n';
import { Button } from '../../kit/Button';
import { cls } from '../../kit/cls';
import { Dialog } from '../../kit/Dialog';
import form from '../../kit/form.module.css';
import { Problem } from '../../kit/Problem';
import { Select } from '../../kit/Select';
import { toast } from '../../kit/toasts';
import type { Failure, Result } from '../../net/result';
import type { UserID } from '../../net/types';
import { nameOf, personOf } from '../../store/people';
import { presenceOf } from '../../store/presence';
import { isOwner, me } from '../../store/session';
import { failureText } from '../failures/failureText';
import { LinkField } from '../invites/LinkField';
import { watchPeople } from '../people/actions';
import { BotBadge } from '../people/BotBadge';
import { presenceText } from '../people/PresenceDot';
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
import { askDeactivate, askEnd, askErase, askRole } from './ask';
import css from './People.module.css';
import { t } from './texts';

interface Props {
  person: UserID;
  onClose: () => void;
}

export function Account({ person, onClose }: Props) {
  const d = t();
  const user = personOf(person).value;
  const name = nameOf(person);
  const [state, setState] = useState<AccountState>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [reset, setReset] = useState<Reset>();

  const load = async () => {
    const result = await showAccount(person);
    if (result.ok) {
      setState(result.value);
    } else {
      setProblem(failureText(result.failure));
    }
  };
  useEffect(() => void load(), [user?.deactivated]);
  useEffect(() => {
    watchPeople('account', [person]);
    return () => watchPeople('account', []);
  }, [person]);
  const presence = presenceOf(person).value?.state;
  const here = presence === 'offline' || user?.deactivated ? undefined : presence;

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
  const mine = me.value?.id === person;
  const below = isOwner.value ? user.role !== 'owner' : user.role === 'member';
  const words = { owner: d.roleOwner, admin: d.roleAdmin, member: d.accountsMember };
  const set = (role: Role) => act(setRole(person, role), d.saved);
  const choose = (role: Role) =>
    role === 'owner' || mine ? askRole(person, () => set(role)) : void set(role);
  const end = () => askEnd(user, async () => act(endSessions(person), d.accountsEnded(name)));

  return (
    <Dialog title={name} onClose={onClose}>
      <div class={form.form}>
        <p>
          @{user.name}
          <BotBadge person={person} />
        </p>
        {/* A line each, so that how high they are is known before they come. */}
        <p class={cls(form.note, css.facts)} role="status">
          <span>{d.accountsSince(formatDate(user.created_at))}</span>
          {state && (
            <>
              <span>{(user.bot ? d.accountsTokens : d.accountsSessions)(state.sessions)}</span>
              <span>
                {here
                  ? presenceText(here)
                  : state.last_seen_at
                    ? d.accountsSeen(formatDateTime(state.last_seen_at))
                    : d.accountsNeverSeen}
              </span>
              {state.deleting && <span>{d.accountsDeleting}</span>}
            </>
          )}
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
        {below && !mine && (
          <div class={css.acts}>
            {!user.deactivated && !user.bot && (
              <Button busy={busy} onClick={() => void act(makeReset(person)).then((made) => setReset(made))}>
                {d.accountsReset}
              </Button>
            )}
            {!user.deactivated && (
              <Button kind="danger" busy={busy} onClick={end}>
                {d.accountsEnd}
              </Button>
            )}
            {user.deactivated ? (
              <>
                <Button busy={busy} onClick={() => void act(reactivate(person), d.accountsReactivated(name))}>
                  {d.accountsReactivate}
                </Button>
                <Button kind="danger" busy={busy} onClick={() => askErase(person)}>
                  {d.accountsErase}
                </Button>
              </>
            ) : (
              <Button kind="danger" busy={busy} onClick={() => askDeactivate(person)}>
                {d.accountsDeactivate}
              </Button>
            )}
          </div>
        )}
        {/* Below what was pressed, which stays where it is. */}
        {reset && (
          <div ref={intoView} key={reset.url} class={form.form}>
            <LinkField label={d.accountsResetLink(name)} url={reset.url} />
            <p class={form.note}>{d.accountsResetOnce}</p>
          </div>
        )}
        <Problem text={problem} />
      </div>
    </Dialog>
  );
}

const intoView = (box: HTMLElement | null) => box?.scrollIntoView({ block: 'nearest' });
