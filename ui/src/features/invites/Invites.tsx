// Invite links: makes one, lists those that work, takes them back. In the invite dialog and the server's
// settings.
import { useEffect, useState } from 'preact/hooks';
import { formatDate } from '../../i18n';
import { Button } from '../../kit/Button';
import { Dialog } from '../../kit/Dialog';
import css from '../../kit/form.module.css';
import { Select } from '../../kit/Select';
import { Skeleton } from '../../kit/Skeleton';
import { toast } from '../../kit/toasts';
import { nameOf } from '../../store/people';
import { failureText } from '../failures/failureText';
import { Unloaded } from '../failures/Unloaded';
import { askBefore } from '../question/open';
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
    setProblem(result.ok ? undefined : failureText(result.failure));
    if (result.ok) {
      setActive(result.value);
    }
  };
  useEffect(() => void load(), []);

  const make = async () => {
    setBusy(true);
    const result = await createInvite({ max_uses: Number(uses), expires_in: Number(days) * day });
    setBusy(false);
    if (result.ok) {
      setMade(result.value);
      void load();
    } else {
      toast(failureText(result.failure), { kind: 'error' });
    }
  };

  const revoke = (invite: Invite) =>
    askBefore({
      title: d.inviteRevokeAsk,
      act: d.inviteRevoke,
      async run() {
        const result = await endInvite(invite.id);
        if (result.ok) {
          void load();
        }
        return result;
      },
      done: d.inviteRevoked,
      children: <p>{d.inviteRevokeText}</p>,
    });

  return (
    <div class={css.form}>
      <p class={css.note}>{d.inviteText}</p>
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
        <Button kind="primary" busy={busy} onClick={make}>
          {d.inviteMake}
        </Button>
      </div>
      <section>
        <h3 class={own.title}>{d.inviteActive}</h3>
        {problem && <Unloaded why={problem} again={load} />}
        {!active && !problem && <Skeleton rows={2} />}
        {active?.length === 0 && <p class={css.note}>{d.inviteNone}</p>}
        <ul class={css.list}>
          {active?.map((invite) => (
            <li key={invite.id} class={css.row}>
              <span class={css.grow}>
                <span>{d.inviteUsed(invite.uses, invite.max_uses)}</span>
                <span class={css.note}>
                  {d.inviteBy(nameOf(invite.created_by), formatDate(invite.expires_at))}
                </span>
              </span>
              <Button kind="danger" onClick={() => revoke(invite)}>
                {d.inviteRevoke}
              </Button>
            </li>
          ))}
        </ul>
      </section>
      {made?.url && <Made url={made.url} onClose={() => setMade(undefined)} />}
    </div>
  );
}

/** A link that was made just now. Over the page, where it moves nothing. */
function Made({ url, onClose }: { url: string; onClose: () => void }) {
  const d = t();
  return (
    <Dialog title={d.inviteLink} onClose={onClose} actions={<Button onClick={onClose}>{d.done}</Button>}>
      <div class={own.made}>
        <InviteLink url={url} />
        <p class={css.note}>{d.inviteShownOnce}</p>
      </div>
    </Dialog>
  );
}
