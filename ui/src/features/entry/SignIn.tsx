// Signing in.
import { useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { Field } from '../../kit/Field';
import { endedBecause, server } from '../../store/session';
import { type FieldErrors, missing } from '../account/errors';
import { failureText } from '../words/failures';
import { signIn } from './actions';
import { Entry } from './Entry';
import css from './Entry.module.css';
import { t } from './texts';

export function SignIn() {
  const d = t();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [errors, setErrors] = useState<FieldErrors>({});
  const [busy, setBusy] = useState(false);
  const ended = { ended: d.signInEnded, banned: d.signInBanned, none: undefined }[
    endedBecause.value ?? 'none'
  ];

  const submit = async (event: Event) => {
    event.preventDefault();
    const wrong = missing({ name, password });
    setErrors(wrong);
    if (Object.keys(wrong).length) {
      return;
    }
    setBusy(true);
    const result = await signIn(name.trim(), password);
    setBusy(false);
    if (!result.ok) {
      setErrors({ '': failureText(result.failure) });
    }
  };

  return (
    <Entry
      title={d.signInTitle(server.value?.name || 'Parley')}
      problem={errors[''] ?? ended}
      footer={<NewHere />}
    >
      <form class={css.form} onSubmit={submit} noValidate>
        <Field
          label={d.accountName}
          name="username"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          value={name}
          onValue={setName}
          error={errors.name}
          autofocus
          required
        />
        <Field
          label={d.accountPassword}
          type="password"
          name="password"
          autocomplete="current-password"
          value={password}
          onValue={setPassword}
          error={errors.password}
          required
        />
        <div class={css.buttons}>
          <Button type="submit" kind="primary" wide busy={busy}>
            {d.signIn}
          </Button>
        </div>
      </form>
    </Entry>
  );
}

function NewHere() {
  const d = t();
  switch (server.value?.registration) {
    case 'open':
      return (
        <p>
          {d.signInNew} <a href="/register">{d.signInRegister}</a>
        </p>
      );
    case 'invite':
      return (
        <p>
          {d.signInNew} {d.signInAskInvite}
        </p>
      );
    default:
      return null;
  }
}
