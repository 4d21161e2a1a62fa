// The page behind a link for another password.
import { useEffect, useState } from 'preact/hooks';
import { Button, linkButtonPrimary } from '../../kit/Button';
import { Field } from '../../kit/Field';
import { Skeleton } from '../../kit/Skeleton';
import { useForm } from '../../kit/useForm';
import type { ResetCheck } from '../../net/types';
import { go } from '../../router';
import { passwordError, refusal } from '../account/errors';
import { Entry } from '../entry/Entry';
import css from '../entry/Entry.module.css';
import { failureText } from '../words/failures';
import { checkReset, choosePassword } from './actions';
import { t } from './texts';

type Checked =
  | { state: 'asking' }
  | { state: 'ok'; for: ResetCheck }
  | { state: 'no'; title: string; text?: string };

export function Reset({ code }: { code: string }) {
  const d = t();
  const [checked, setChecked] = useState<Checked>({ state: 'asking' });
  useEffect(() => {
    void checkReset(code).then((result) => {
      if (result.ok) {
        setChecked({ state: 'ok', for: result.value });
      } else if (result.failure.code === 'not_found') {
        setChecked({ state: 'no', title: t().resetGone, text: t().resetGoneText });
      } else {
        setChecked({ state: 'no', title: failureText(result.failure) });
      }
    });
  }, [code]);

  if (checked.state === 'asking') {
    return (
      <Entry title={d.resetTitle}>
        <Skeleton rows={2} />
      </Entry>
    );
  }
  if (checked.state === 'no') {
    return (
      <Entry title={checked.title} text={checked.text}>
        <p>
          <a class={linkButtonPrimary} href="/">
            {d.signIn}
          </a>
        </p>
      </Entry>
    );
  }
  return (
    <Entry title={d.resetTitle} text={d.resetFor(checked.for.display_name, checked.for.name)}>
      <Choose code={code} name={checked.for.name} />
    </Entry>
  );
}

function Choose({ code, name }: { code: string; name: string }) {
  const d = t();
  const form = useForm(
    { password: '' },
    {
      check: ({ password }) => ({ password: passwordError(password) }),
      async send({ password }) {
        const result = await choosePassword({ code, password });
        if (result.ok) {
          go({ name: 'list' }, true);
          return;
        }
        return result.failure.code === 'not_found' ? { '': d.resetGone } : refusal(result.failure);
      },
    },
  );
  return (
    <form class={css.form} onSubmit={form.submit} noValidate>
      {form.errors[''] && (
        <p class={css.problem} role="alert">
          {form.errors['']}
        </p>
      )}
      {/* Tells password managers whose password this is. */}
      <input
        class="hidden"
        name="username"
        autocomplete="username"
        value={name}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <Field
        label={d.resetPassword}
        hint={form.errors.password === d.accountPasswordShort ? undefined : d.accountPasswordHint}
        type="password"
        name="new-password"
        autocomplete="new-password"
        autofocus
        {...form.field('password')}
        required
      />
      <div class={css.buttons}>
        <Button type="submit" kind="primary" wide busy={form.busy}>
          {d.resetSave}
        </Button>
      </div>
    </form>
  );
}
