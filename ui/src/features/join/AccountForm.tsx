// Name, sign-in name and password of a new account; used by registration and set-up.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { Field } from '../../kit/Field';
import { Problem } from '../../kit/Problem';
import { type FieldErrors, useForm } from '../../kit/useForm';
import type { Failure, Result } from '../../net/result';
import { passwordError, refusal } from '../account/errors';
import { nameFrom } from '../account/nameFrom';
import css from '../entry/Entry.module.css';
import { t } from './texts';

interface Account {
  name: string;
  display_name: string;
  password: string;
}

interface Props {
  submit: string;
  send: (account: Account) => Promise<Result>;
  /** Renders more fields before these, with the errors of the form. */
  before?: (errors: FieldErrors) => ComponentChildren;
  /** A text of its own for a refusal. */
  explain?: (failure: Failure) => string | undefined;
  /** Checks the fields of `before`. */
  check?: () => FieldErrors;
}

export function AccountForm({ submit, send, before, check, explain }: Props) {
  const d = t();
  const form = useForm(
    { display_name: '', name: '', password: '' },
    {
      need: ['display_name', 'name'],
      check: ({ password }) => ({ ...check?.(), password: passwordError(password) }),
      async send(values) {
        const { name, display_name: displayName, password } = values;
        const result = await send({ name: name.trim(), display_name: displayName.trim(), password });
        if (!result.ok) {
          const words = explain?.(result.failure);
          return words ? { '': words } : refusal(result.failure);
        }
      },
    },
  );
  const { errors } = form;
  const [named, setNamed] = useState(false);

  return (
    <form class={css.form} onSubmit={form.submit} noValidate>
      {before?.(errors)}
      <Field
        label={d.accountDisplayName}
        hint={d.accountDisplayNameHint}
        name="name"
        autocomplete="name"
        autocapitalize="words"
        enterkeyhint="next"
        maxLength={64}
        autofocus={!before}
        {...form.field('display_name')}
        onValue={(value) => form.set({ display_name: value, ...(named ? {} : { name: nameFrom(value) }) })}
        required
      />
      <Field
        label={d.accountName}
        hint={d.accountNameHint}
        lines={2}
        name="username"
        autocomplete="username"
        exact
        enterkeyhint="next"
        maxLength={64}
        {...form.field('name')}
        onValue={(value) => {
          form.set({ name: value });
          setNamed(value !== '');
        }}
        required
      />
      <Field
        label={d.accountPassword}
        hint={d.accountPasswordHint}
        type="password"
        name="password"
        autocomplete="new-password"
        enterkeyhint="go"
        {...form.field('password')}
        required
      />
      <div class={css.buttons}>
        <Button type="submit" kind="primary" wide busy={form.busy}>
          {submit}
        </Button>
      </div>
      <Problem text={errors['']} />
    </form>
  );
}
