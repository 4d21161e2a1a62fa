// The form that changes the password.
import { useSignal } from '@preact/signals';
import { Button } from '../../kit/Button';
import { Field } from '../../kit/Field';
import { toast } from '../../kit/toasts';
import { useForm } from '../../kit/useForm';
import { me } from '../../store/session';
import { passwordError } from '../account/errors';
import { failureText } from '../failures/failureText';
import css from '../page/Sections.module.css';
import { changePassword } from './actions';
import { t } from './texts';

export function SettingsPassword() {
  const d = t();
  const endTokens = useSignal(false);
  const form = useForm(
    { current: '', next: '' },
    {
      need: ['current'],
      check: ({ next }) => ({ next: passwordError(next) }),
      async send({ current, next }) {
        const result = await changePassword({ current, new: next, end_tokens: endTokens.peek() });
        if (!result.ok) {
          return result.failure.code === 'wrong_credentials'
            ? { current: d.settingsPasswordWrong }
            : { next: failureText(result.failure) };
        }
        form.set({ current: '', next: '' });
        endTokens.value = false;
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
        enterkeyhint="next"
        {...form.field('current')}
        required
      />
      <Field
        label={d.settingsNewPassword}
        hint={d.sentences([d.accountPasswordHint, d.settingsPasswordHint])}
        type="password"
        name="new-password"
        autocomplete="new-password"
        {...form.field('next')}
        required
      />
      <label class={css.check}>
        <input
          type="checkbox"
          name="end-tokens"
          checked={endTokens.value}
          onChange={(event) => {
            endTokens.value = event.currentTarget.checked;
          }}
        />
        <span>
          {d.settingsEndTokens}
          <span class={css.hint}>{d.settingsEndTokensHint}</span>
        </span>
      </label>
      <div>
        <Button type="submit" busy={form.busy}>
          {d.settingsChangePassword}
        </Button>
      </div>
    </form>
  );
}
