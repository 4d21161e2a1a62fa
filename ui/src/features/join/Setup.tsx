// The first run: the server's name and owner, then an invite link. The server makes the first room by itself.
import { useState } from 'preact/hooks';
import { locale } from '../../i18n';
import { Field } from '../../kit/Field';
import { type FieldErrors, missing } from '../../kit/useForm';
import type { Result } from '../../net/result';
import { go, route } from '../../router';
import { rooms } from '../../store/rooms';
import { session } from '../../store/session';
import { Entry } from '../entry/Entry';
import { createInvite, type Invite } from '../invites/actions';
import { AccountForm } from './AccountForm';
import { setUp } from './actions';
import { SetupInvite } from './SetupInvite';
import { t } from './texts';

const week = 7 * 24 * 60 * 60;

export function Setup({ onDone }: { onDone: () => void }) {
  const d = t();
  const [invite, setInvite] = useState<Result<Invite>>();
  const at = route.value;
  // The newest link that was opened in this tab: it counts more than what an older one said, or the person typed.
  const link = at.name === 'setup' ? at.code : '';
  const [{ linked, code }, setCode] = useState({ linked: link, code: link });
  if (link && link !== linked) {
    setCode({ linked: link, code: link });
  }
  const [serverName, setServerName] = useState('');

  const leave = () => {
    const first = [...rooms.peek().values()].find((room) => room.kind === 'public');
    go(first ? { name: 'room', room: first.id } : { name: 'list' }, true);
    onDone();
  };

  if (invite && session.value === 'signed-in') {
    return <SetupInvite invite={invite} onDone={leave} />;
  }

  const fields = (errors: FieldErrors) => (
    <>
      {!linked && (
        <Field
          label={d.setupCode}
          hint={d.setupCodeHint}
          value={code}
          onValue={(code) => setCode({ linked, code })}
          error={errors.code}
          autocomplete="off"
          exact
          enterkeyhint="next"
        />
      )}
      <Field
        label={d.setupServerName}
        hint={d.setupServerNameHint}
        value={serverName}
        onValue={setServerName}
        error={errors.server_name}
        autocomplete="off"
        enterkeyhint="next"
        maxLength={64}
        autofocus
        required
      />
    </>
  );

  return (
    <Entry title={d.setupTitle} text={d.setupText} step={1}>
      <AccountForm
        submit={d.setupSubmit}
        before={fields}
        check={() =>
          missing({ server_name: serverName, code }, linked ? ['server_name'] : ['server_name', 'code'])
        }
        send={async (account) => {
          const result = await setUp({
            ...account,
            code: code.trim(),
            server_name: serverName.trim(),
            language: locale.value,
          });
          if (result.ok) {
            // Before the next step is shown, so that it comes whole.
            setInvite(await createInvite({ max_uses: 0, expires_in: week }));
          }
          return result;
        }}
        explain={(failure) => (failure.field === 'code' ? d.setupCodeWrong : undefined)}
      />
    </Entry>
  );
}
