// The page behind a link for another password.
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { Field } from '../../kit/Field';
import { Problem } from '../../kit/Problem';
import { Skeleton } from '../../kit/Skeleton';
import { useForm } from '../../kit/useForm';
import type { ResetCheck } from '../../net/types';
import { go } from '../../router';
import { passwordError, refusal } from '../account/errors';
import { Entry } from '../entry/Entry';
import css from '../entry/Entry.module.css';
import { type Refusal, Refused } from '../entry/Refused';
import { failureText } from '../failures/failureText';
import { checkReset, choosePassword } from './actions';
import { t } from './texts';

/** Whose link it is, or why it does not work. Empty until the server has answered. */
type Checked = { of?: ResetCheck; not?: Refusal };

export function Reset({ code }: { code: string }) {
  const d = t();
  const [{ of, not }, setChecked] = useState<Checked>({});
  const check = async () => {
    const result = await checkReset(code);
    if (result.ok) {
      setChecked({ of: result.value });
    } else if (result.failure.code === 'not_found') {
      setChecked({ not: { title: t().resetGone, text: t().resetGoneText } });
    } else {
      setChecked({ not: { title: failureText(result.failure), again: () => void check() } });
    }
  };
  useEffect(() => void check(), [code]);

  if (not) {
    return <Refused {...not} />;
  }
  return (
    <Entry title={d.resetTitle} {...(of && { text: d.resetFor(of.display_name, of.name) })}>
      {of ? <Choose code={code} name={of.name} /> : <Skeleton rows={2} />}
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
        hint={d.accountPasswordHint}
        type="password"
        name="new-password"
        autocomplete="new-password"
        enterkeyhint="go"
        autofocus
        {...form.field('password')}
        required
      />
      <div class={css.buttons}>
        <Button type="submit" kind="primary" wide busy={form.busy}>
          {d.resetSave}
        </Button>
      </div>
      <Problem text={form.errors['']} />
    </form>
  );
}
