// Changing one's password.
import { useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { Field } from '../../kit/Field';
import { toast } from '../../kit/toasts';
import { me } from '../../store/session';
import { type FieldErrors, missing, passwordError } from '../account/errors';
import css from '../page/Sections.module.css';
import { failureText } from '../words/failures';
import { changePassword } from './actions';
import { t } from './texts';

export function SettingsPassword() {
  const d = t();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [errors, setErrors] = useState<FieldErrors>({});
  const [busy, setBusy] = useState(false);

  const submit = async (event: Event) => {
    event.preventDefault();
    const wrong = missing({ current });
    const weak = passwordError(next);
    if (weak) {
      wrong.next = weak;
    }
    setErrors(wrong);
    if (Object.keys(wrong).length) {
      return;
    }
    setBusy(true);
    const result = await changePassword({ current, new: next });
    setBusy(false);
    if (result.ok) {
      setCurrent('');
      setNext('');
      toast(d.settingsPasswordChanged);
    } else if (result.failure.code === 'wrong_credentials') {
      setErrors({ current: d.settingsPasswordWrong });
    } else {
      setErrors({ next: failureText(result.failure) });
    }
  };

  return (
    <form class={css.profile} onSubmit={submit} noValidate>
      {/* Tells password managers whose password it is. */}
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
        value={current}
        onValue={setCurrent}
        error={errors.current}
        required
      />
      <Field
        label={d.settingsNewPassword}
        hint={
          errors.next === d.accountPasswordShort
            ? d.settingsPasswordHint
            : `${d.accountPasswordHint} ${d.settingsPasswordHint}`
        }
        type="password"
        name="new-password"
        autocomplete="new-password"
        value={next}
        onValue={setNext}
        error={errors.next}
        required
      />
      <div>
        <Button type="submit" busy={busy}>
          {d.settingsChangePassword}
        </Button>
      </div>
    </form>
  );
}
