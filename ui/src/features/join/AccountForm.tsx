// Name, sign-in name and password of a new account; used by registration and set-up.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { Field } from '../../kit/Field';
import type { Failure, Result } from '../../net/result';
import { type FieldErrors, missing, passwordError, refusal } from '../account/errors';
import { nameFrom } from '../account/nameFrom';
import css from '../entry/Entry.module.css';
import { t } from './texts';

export interface Account {
  name: string;
  display_name: string;
  password: string;
}

interface Props {
  submit: string;
  send: (account: Account) => Promise<Result>;
  /** Fields before these; they see the errors of the form. */
  before?: (errors: FieldErrors) => ComponentChildren;
  /** Other words for a refusal. */
  explain?: (failure: Failure) => string | undefined;
  /** What is wrong with those fields. */
  check?: () => FieldErrors;
}

export function AccountForm({ submit, send, before, check, explain }: Props) {
  const d = t();
  const [displayName, setDisplayName] = useState('');
  const [name, setName] = useState('');
  const [named, setNamed] = useState(false);
  const [password, setPassword] = useState('');
  const [errors, setErrors] = useState<FieldErrors>({});
  const [busy, setBusy] = useState(false);

  const sent = async (event: Event) => {
    event.preventDefault();
    const wrong = { ...check?.(), ...missing({ display_name: displayName, name }) };
    const weak = passwordError(password);
    if (weak) {
      wrong.password = weak;
    }
    setErrors(wrong);
    if (Object.keys(wrong).length) {
      return;
    }
    setBusy(true);
    const result = await send({ name: name.trim(), display_name: displayName.trim(), password });
    setBusy(false);
    if (!result.ok) {
      const words = explain?.(result.failure);
      setErrors(words ? { '': words } : refusal(result.failure));
    }
  };

  return (
    <form class={css.form} onSubmit={sent} noValidate>
      {errors[''] && (
        <p class={css.problem} role="alert">
          {errors['']}
        </p>
      )}
      {before?.(errors)}
      <Field
        label={d.accountDisplayName}
        hint={d.accountDisplayNameHint}
        name="name"
        autocomplete="name"
        autocapitalize="words"
        maxLength={64}
        autofocus={!before}
        value={displayName}
        onValue={(value) => {
          setDisplayName(value);
          if (!named) {
            setName(nameFrom(value));
          }
        }}
        error={errors.display_name}
        required
      />
      <Field
        label={d.accountName}
        hint={d.accountNameHint}
        name="username"
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        maxLength={64}
        value={name}
        onValue={(value) => {
          setName(value);
          setNamed(value !== '');
        }}
        error={errors.name}
        required
      />
      <Field
        label={d.accountPassword}
        hint={errors.password === d.accountPasswordShort ? undefined : d.accountPasswordHint}
        type="password"
        name="password"
        autocomplete="new-password"
        value={password}
        onValue={setPassword}
        error={errors.password}
        required
      />
      <div class={css.buttons}>
        <Button type="submit" kind="primary" wide busy={busy}>
          {submit}
        </Button>
      </div>
    </form>
  );
}
