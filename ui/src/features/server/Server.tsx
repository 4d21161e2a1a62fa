// The server's settings, for its owner and admins: name, registration, invites, programs, people.
import { Lock } from 'lucide';
import { useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { Choice } from '../../kit/Choice';
import { EmptyState } from '../../kit/EmptyState';
import { Field } from '../../kit/Field';
import { toast } from '../../kit/toasts';
import type { Registration } from '../../net/types';
import { isAdmin, isOwner, server } from '../../store/session';
import { type FieldErrors, missing } from '../account/errors';
import { Invites } from '../invites/Invites';
import { PaneHead } from '../page/PaneHead';
import css from '../page/Sections.module.css';
import { failureText } from '../words/failures';
import { editServer } from './actions';
import { ServerPeople } from './ServerPeople';
import { Tokens } from './Tokens';
import { t } from './texts';

export function Server() {
  const d = t();
  if (!isAdmin.value) {
    return (
      <>
        <PaneHead title={d.serverTitle} />
        <EmptyState icon={Lock} title={d.serverOwnersOnly} />
      </>
    );
  }
  return (
    <>
      <PaneHead title={d.serverTitle} />
      <div class={css.page}>
        {isOwner.value && (
          <section class={css.section}>
            <h2 class={css.title}>{d.serverGeneral}</h2>
            <Name />
            <WhoMayJoin />
          </section>
        )}
        <section class={css.section}>
          <h2 class={css.title}>{d.serverInvites}</h2>
          <Invites />
        </section>
        <section class={css.section}>
          <h2 class={css.title}>{d.serverTokens}</h2>
          <Tokens />
        </section>
        <section class={css.section}>
          <h2 class={css.title}>{d.serverPeople}</h2>
          <ServerPeople />
        </section>
      </div>
    </>
  );
}

function Name() {
  const d = t();
  const [name, setName] = useState(server.peek()?.name ?? '');
  const [errors, setErrors] = useState<FieldErrors>({});
  const [busy, setBusy] = useState(false);

  const submit = async (event: Event) => {
    event.preventDefault();
    const wrong = missing({ name });
    setErrors(wrong);
    if (wrong.name) {
      return;
    }
    setBusy(true);
    const result = await editServer({ name: name.trim() });
    setBusy(false);
    if (result.ok) {
      toast(d.saved);
    } else {
      setErrors({ name: failureText(result.failure) });
    }
  };

  return (
    <form class={css.profile} onSubmit={submit} noValidate>
      <Field
        label={d.serverName}
        value={name}
        onValue={setName}
        error={errors.name}
        maxLength={64}
        autocomplete="off"
        required
      />
      <div>
        <Button type="submit" busy={busy} disabled={name.trim() === server.value?.name}>
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
