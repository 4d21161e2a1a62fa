// Makes a public or private room.
import { useId, useState } from 'preact/hooks';
import { closeDialog, createRoom } from '../actions';
import { t } from '../i18n';
import { type FieldErrors, missing, refusal } from '../parts/accountErrors';
import { Button } from '../parts/Button';
import { Choice } from '../parts/Choice';
import { Dialog } from '../parts/Dialog';
import { Field } from '../parts/Field';
import css from '../parts/form.module.css';
import { nameFrom } from '../parts/nameFrom';
import { go } from '../router';

export function CreateRoom() {
  const d = t();
  const form = useId();
  const [name, setName] = useState('');
  const [topic, setTopic] = useState('');
  const [kind, setKind] = useState<'public' | 'private'>('public');
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
    const result = await createRoom({ kind, name: nameFrom(name), topic: topic.trim() });
    setBusy(false);
    if (result.ok) {
      closeDialog();
      go({ name: 'room', room: result.value.id });
    } else {
      setErrors(refusal(result.failure));
    }
  };

  return (
    <Dialog
      title={d.createRoom}
      onClose={closeDialog}
      actions={
        <>
          <Button onClick={closeDialog}>{d.cancel}</Button>
          <Button type="submit" form={form} kind="primary" busy={busy}>
            {d.create}
          </Button>
        </>
      }
    >
      <form id={form} class={css.form} onSubmit={submit} noValidate>
        {errors[''] && (
          <p class={css.problem} role="alert">
            {errors['']}
          </p>
        )}
        <Field
          label={d.createRoomName}
          hint={d.createRoomNameHint}
          value={name}
          onValue={(value) => setName(value.replace(/\s/gu, '-'))}
          error={errors.name}
          maxLength={64}
          autocomplete="off"
          autocapitalize="none"
          autofocus
          required
        />
        <Field
          label={`${d.createRoomTopic} (${d.optional})`}
          hint={d.createRoomTopicHint}
          value={topic}
          onValue={setTopic}
          error={errors.topic}
          maxLength={1024}
          autocomplete="off"
        />
        <Choice
          label={d.createRoomKind}
          value={kind}
          onValue={setKind}
          options={[
            { value: 'public', label: d.createRoomPublic, hint: d.createRoomPublicHint },
            { value: 'private', label: d.createRoomPrivate, hint: d.createRoomPrivateHint },
          ]}
        />
      </form>
    </Dialog>
  );
}
