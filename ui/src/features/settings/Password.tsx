// The form that changes the password.
import { Button } from '../../kit/Button';
import { Field } from '../../kit/Field';
import { toast } from '../../kit/toasts';
import { useForm } from '../../kit/useForm';
import { me } from '../../store/session';
import { passwordError } from '../account/errors';
import css from '../page/Sections.module.css';
import { failureText } from '../words/failures';
import { changePassword } from './actions';
import { t } from './texts';

export function SettingsPassword() {
  const d = t();
  const form = useForm(
    { current: '', next: '' },
    {
      need: ['current'],
      check: ({ next }) => ({ next: passwordError(next) }),
      async send({ current, next }) {
        const result = await changePassword({ current, new: next });
        if (!result.ok) {
          return result.failure.code === 'wrong_credentials'
            ? { current: d.settingsPasswordWrong }
            : { next: failureText(result.failure) };
        }
        form.set({ current: '', next: '' });
        toast(d.settingsPasswordChanged);
      },
    },
  );

  return (
    <form class={css.profile} onSubmit={form.submit} noValidate>
      {/* Tells password managers whose password this is. */}
      <input
        class="hidden"
        name="username"
        autocomplete="username"
        value={me.value?.name}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <Field
        label={d.settingsCurrentPassword}
        type="password"
        name="current-password"
        autocomplete="current-password"
        {...form.field('current')}
        required
      />
      <Field
        label={d.settingsNewPassword}
        hint={
          form.errors.next === d.accountPasswordShort
            ? d.settingsPasswordHint
            : `${d.accountPasswordHint} ${d.settingsPasswordHint}`
        }
        type="password"
        name="new-password"
        autocomplete="new-password"
        {...form.field('next')}
        required
      />
      <div>
        <Button type="submit" busy={form.busy}>
          {d.settingsChangePassword}
        </Button>
      </div>
    </form>
  );
}
