// Invite links: makes one, lists those that work, takes them back. In the invite dialog and the server's
// settings.
import { useEffect, useState } from 'preact/hooks';
import { formatDate } from '../../i18n';
import { Button } from '../../kit/Button';
import css from '../../kit/form.module.css';
import { Select } from '../../kit/Select';
import { Skeleton } from '../../kit/Skeleton';
import { toast } from '../../kit/toasts';
import { nameOf } from '../../store/people';
import { failureText } from '../words/failures';
import { createInvite, endInvite, type Invite, listInvites } from './actions';
import { InviteLink } from './InviteLink';
import own from './Invites.module.css';
import { t } from './texts';

const day = 24 * 60 * 60;

export function Invites() {
  const d = t();
  const [uses, setUses] = useState('0');
  const [days, setDays] = useState('7');
  const [made, setMade] = useState<Invite>();
  const [active, setActive] = useState<readonly Invite[]>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  const load = async () => {
    const result = await listInvites();
    if (result.ok) {
      setActive(result.value);
    } else {
      setProblem(failureText(result.failure));
    }
  };
  useEffect(() => void load(), []);

  const make = async () => {
    setBusy(true);
    const result = await createInvite({ max_uses: Number(uses), expires_in: Number(days) * day });
    setBusy(false);
    setProblem(result.ok ? undefined : failureText(result.failure));
    if (result.ok) {
      setMade(result.value);
      void load();
    }
  };

  const revoke = async (invite: Invite) => {
    const result = await endInvite(invite.id);
    toast(result.ok ? d.inviteRevoked : failureText(result.failure), { kind: result.ok ? 'info' : 'error' });
    if (made?.id === invite.id) {
      setMade(undefined);
    }
    void load();
  };

  return (
    <div class={css.form}>
      <p class={css.note}>{d.inviteText}</p>
      {problem && (
        <p class={css.problem} role="alert">
          {problem}
        </p>
      )}
      {made?.url && (
        <section class={own.made}>
          <InviteLink key={made.id} url={made.url} />
          <p class={css.note}>{d.inviteShownOnce}</p>
        </section>
      )}
      <div class={own.choices}>
        <Select
          label={d.inviteUses}
          value={uses}
          onValue={setUses}
          options={[
            ['0', d.inviteUsesAny],
            ...[1, 5, 25].map((n) => [String(n), d.inviteUsesCount(n)] as const),
          ]}
        />
        <Select
          label={d.inviteExpires}
          value={days}
          onValue={setDays}
          options={[1, 7, 30].map((n) => [String(n), d.inviteDays(n)] as const)}
        />
        <Button kind={made ? 'plain' : 'primary'} busy={busy} onClick={make}>
          {d.inviteMake}
        </Button>
      </div>
      <section>
        <h3 class={own.title}>{d.inviteActive}</h3>
        {!active && !problem && <Skeleton rows={2} />}
        {active?.length === 0 && <p class={css.note}>{d.inviteNone}</p>}
        <ul class={css.list}>
          {active?.map((invite) => (
            <li key={invite.id} class={css.row}>
              <span class={css.grow}>
                <span>{d.inviteUsed(invite.uses, invite.max_uses)}</span>
                <span class={css.detail}>
                  {d.inviteBy(nameOf(invite.created_by), formatDate(invite.expires_at))}
                </span>
              </span>
              <Button kind="danger" onClick={() => void revoke(invite)}>
                {d.inviteRevoke}
              </Button>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
