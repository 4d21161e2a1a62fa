// The first run: the server and its owner, a first room, an invite link.
import { useRef, useState } from 'preact/hooks';
import { setUp } from '../actions';
import { t } from '../i18n';
import { type FieldErrors, missing } from '../parts/accountErrors';
import { Field } from '../parts/Field';
import { go, route } from '../router';
import { session } from '../store/session';
import { AccountForm } from './AccountForm';
import { Entry } from './Entry';
import { SetupInvite } from './SetupInvite';
import { SetupRoom } from './SetupRoom';

type Step = 'account' | 'room' | 'invite';

export function Setup({ onDone }: { onDone: () => void }) {
  const d = t();
  const [step, setStep] = useState<Step>('account');
  const [room, setRoom] = useState<number>();
  const linked = useRef(route.peek().name === 'setup' ? (route.peek() as { code: string }).code : '');
  const [code, setCode] = useState(linked.current);
  const [serverName, setServerName] = useState('');

  const leave = () => {
    go(room ? { name: 'room', room } : { name: 'list' }, true);
    onDone();
  };

  if (step === 'room' && session.value === 'signed-in') {
    return (
      <SetupRoom
        onDone={(made) => {
          setRoom(made);
          setStep('invite');
        }}
      />
    );
  }
  if (step === 'invite') {
    return <SetupInvite onDone={leave} />;
  }

  const fields = (errors: FieldErrors) => (
    <>
      {!linked.current && (
        <Field
          label={d.setupCode}
          hint={d.setupCodeHint}
          value={code}
          onValue={setCode}
          error={errors.code}
          autocomplete="off"
          spellcheck={false}
        />
      )}
      <Field
        label={d.setupServerName}
        hint={d.setupServerNameHint}
        value={serverName}
        onValue={setServerName}
        error={errors.server_name}
        autocomplete="off"
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
        check={() => missing({ server_name: serverName, ...(linked.current ? {} : { code }) })}
        send={async (account) => {
          const result = await setUp({ ...account, code: code.trim(), server_name: serverName.trim() });
          if (result.ok) {
            setStep('room');
          }
          return result;
        }}
        explain={(failure) =>
          failure.code === 'forbidden' || failure.code === 'not_found' || failure.field === 'code'
            ? d.setupCodeWrong
            : undefined
        }
      />
    </Entry>
  );
}
