// The first run's second step: a first room, or none yet.
import { useState } from 'preact/hooks';
import { createRoom } from '../actions';
import { t } from '../i18n';
import { type FieldErrors, missing, refusal } from '../parts/accountErrors';
import { Button } from '../parts/Button';
import { Field } from '../parts/Field';
import { Entry } from './Entry';
import css from './Entry.module.css';

export function SetupRoom({ onDone }: { onDone: (room?: number) => void }) {
  const d = t();
  const [name, setName] = useState(d.setupRoomName);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [busy, setBusy] = useState(false);

  const submit = async (event: Event) => {
    event.preventDefault();
    const wrong = missing({ name });
    setErrors(wrong);
    if (wrong.name) {
      return;
    }
    setBusy(true);
    const result = await createRoom({ kind: 'public', name: name.trim(), topic: '' });
    setBusy(false);
    if (result.ok) {
      onDone(result.value.id);
    } else {
      setErrors(refusal(result.failure));
    }
  };

  return (
    <Entry title={d.setupRoomTitle} text={d.setupRoomText} problem={errors['']} step={2}>
      <form class={css.form} onSubmit={submit} noValidate>
        <Field
          label={d.createRoomName}
          hint={d.createRoomNameHint}
          value={name}
          onValue={setName}
          error={errors.name}
          maxLength={64}
          autocomplete="off"
          autocapitalize="none"
          autofocus
          required
        />
        <div class={css.buttons}>
          <Button type="submit" kind="primary" wide busy={busy}>
            {d.setupRoomSubmit}
          </Button>
          <Button kind="quiet" wide onClick={() => onDone()}>
            {d.skip}
          </Button>
        </div>
      </form>
    </Entry>
  );
}
