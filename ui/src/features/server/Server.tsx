// The server's settings, for its owner and admins: name, registration, invites, programs, and the lists of what
// they look after.
import { Lock } from 'lucide';
import { useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { Choice } from '../../kit/Choice';
import { EmptyState } from '../../kit/EmptyState';
import { Field } from '../../kit/Field';
import { lazy } from '../../kit/lazy';
import { Skeleton } from '../../kit/Skeleton';
import { toast } from '../../kit/toasts';
import { useForm } from '../../kit/useForm';
import type { Registration } from '../../net/types';
import { isAdmin, isOwner, server } from '../../store/session';
import { failureText } from '../failures/failureText';
import { Invites } from '../invites/Invites';
import { Page } from '../page/Page';
import { type Part, Sections } from '../page/Sections';
import css from '../page/Sections.module.css';
import { askBefore } from '../question/open';
import { editServer } from './actions';
import { Tokens } from './Tokens';
import { t } from './texts';

const waiting = { waiting: () => <Skeleton rows={4} tiles /> };
const People = lazy(() => import('../accounts/People').then((it) => it.People), waiting);
const AllRooms = lazy(() => import('../all-rooms/AllRooms').then((it) => it.AllRooms), waiting);
const Reports = lazy(() => import('../reports/Reports').then((it) => it.Reports), waiting);
const Audit = lazy(() => import('../audit/Audit').then((it) => it.Audit), waiting);

export function Server() {
  const d = t();
  if (!isAdmin.value) {
    return (
      <Page title={d.serverTitle}>
        <EmptyState icon={Lock} title={d.serverOwnersOnly} />
      </Page>
    );
  }
  const parts: Part[] = [
    { id: 'people', title: d.serverPeople, content: <People />, list: true },
    { id: 'invites', title: d.serverInvites, content: <Invites /> },
    { id: 'reports', title: d.serverReports, content: <Reports />, list: true },
    { id: 'programs', title: d.serverTokens, content: <Tokens /> },
    { id: 'audit', title: d.serverAudit, content: <Audit />, list: true },
  ];
  const owners: Part[] = [
    {
      id: 'general',
      title: d.serverGeneral,
      content: (
        <>
          <Name />
          <WhoMayJoin />
        </>
      ),
    },
    { id: 'rooms', title: d.serverRooms, content: <AllRooms />, list: true },
  ];
  return (
    <Sections
      title={d.serverTitle}
      back={d.serverBack}
      name="server"
      parts={isOwner.value ? [...parts.slice(0, 2), ...owners, ...parts.slice(2)] : parts}
    />
  );
}

function Name() {
  const d = t();
  const form = useForm(
    { name: server.peek()?.name ?? '' },
    {
      need: ['name'],
      async send({ name }) {
        const result = await editServer({ name: name.trim() });
        if (!result.ok) {
          return { name: failureText(result.failure) };
        }
        toast(d.saved);
      },
    },
  );

  return (
    <form class={css.profile} onSubmit={form.submit} noValidate>
      <Field
        label={d.serverName}
        lines={2}
        {...form.field('name')}
        maxLength={64}
        autocomplete="off"
        required
      />
      <div>
        <Button type="submit" busy={form.busy} disabled={form.values.name.trim() === server.value?.name}>
          {d.save}
        </Button>
      </div>
    </form>
  );
}

function WhoMayJoin() {
  const d = t();
  // The browser marks what was picked. Until it is so, what is so is marked again.
  const [, markAgain] = useState({});
  const set = async (registration: Registration) => {
    const result = await editServer({ registration });
    markAgain({});
    toast(result.ok ? d.saved : failureText(result.failure), { kind: result.ok ? 'info' : 'error' });
  };
  const choose = (registration: Registration) => {
    if (registration !== 'open') {
      void set(registration);
      return;
    }
    markAgain({});
    askBefore({
      title: d.registrationOpenAsk,
      act: d.registrationOpenAct,
      run: () => set('open').then(() => undefined),
      children: <p>{d.registrationOpenText}</p>,
    });
  };
  return (
    <Choice
      label={d.serverRegistration}
      value={server.value?.registration ?? 'invite'}
      onValue={choose}
      options={[
        { value: 'invite', label: d.registrationInvite, hint: d.registrationInviteHint },
        { value: 'open', label: d.registrationOpen, hint: d.registrationOpenHint },
        { value: 'closed', label: d.registrationClosedChoice, hint: d.registrationClosedHint },
      ]}
    />
  );
}
