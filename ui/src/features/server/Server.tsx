// The server's settings, for its owner and admins: name, registration, invites, programs, people.
import { Lock } from 'lucide';
import { Button } from '../../kit/Button';
import { Choice } from '../../kit/Choice';
import { EmptyState } from '../../kit/EmptyState';
import { Field } from '../../kit/Field';
import formCSS from '../../kit/form.module.css';
import { toast } from '../../kit/toasts';
import { useForm } from '../../kit/useForm';
import type { Registration } from '../../net/types';
import { isAdmin, isOwner, server } from '../../store/session';
import { Invites } from '../invites/Invites';
import { Page } from '../page/Page';
import { Section, Sections } from '../page/Sections';
import css from '../page/Sections.module.css';
import { failureText } from '../words/failures';
import { editServer } from './actions';
import { Tokens } from './Tokens';
import { t } from './texts';

export function Server() {
  const d = t();
  if (!isAdmin.value) {
    return (
      <Page title={d.serverTitle}>
        <EmptyState icon={Lock} title={d.serverOwnersOnly} />
      </Page>
    );
  }
  return (
    <Page title={d.serverTitle}>
      <Sections>
        {isOwner.value && (
          <Section title={d.serverGeneral}>
            <Name />
            <WhoMayJoin />
          </Section>
        )}
        <Section title={d.serverReports}>
          <p class={formCSS.note}>{d.serverReportsText}</p>
          <p>
            <a href="/reports">{d.serverReportsShow}</a>
          </p>
        </Section>
        {isOwner.value && (
          <Section title={d.serverRooms}>
            <p class={formCSS.note}>{d.serverRoomsText}</p>
            <p>
              <a href="/rooms">{d.serverRoomsShow}</a>
            </p>
          </Section>
        )}
        <Section title={d.serverInvites}>
          <Invites />
        </Section>
        <Section title={d.serverTokens}>
          <Tokens />
        </Section>
        <Section title={d.serverPeople}>
          <p>
            <a href="/people">{d.serverPeopleShow}</a>
          </p>
        </Section>
        <Section title={d.serverAudit}>
          <p class={formCSS.note}>{d.serverAuditText}</p>
          <p>
            <a href="/audit">{d.serverAuditShow}</a>
          </p>
        </Section>
      </Sections>
    </Page>
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
      <Field label={d.serverName} {...form.field('name')} maxLength={64} autocomplete="off" required />
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
  const choose = async (registration: Registration) => {
    const result = await editServer({ registration });
    toast(result.ok ? d.saved : failureText(result.failure), { kind: result.ok ? 'info' : 'error' });
  };
  return (
    <Choice
      label={d.serverRegistration}
      value={server.value?.registration ?? 'invite'}
      onValue={(value) => void choose(value)}
      options={[
        { value: 'invite', label: d.registrationInvite, hint: d.registrationInviteHint },
        { value: 'open', label: d.registrationOpen, hint: d.registrationOpenHint },
        { value: 'closed', label: d.registrationClosedChoice, hint: d.registrationClosedHint },
      ]}
    />
  );
}
