// Renames a room and changes its topic; for its owners.
import { useId, useState } from 'preact/hooks';
import { closeDialog, editRoom } from '../actions';
import { t } from '../i18n';
import type { RoomID } from '../net/types';
import { type FieldErrors, missing, refusal } from '../parts/accountErrors';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import { Field } from '../parts/Field';
import css from '../parts/form.module.css';
import { rooms } from '../store/rooms';

export function EditRoom({ room }: { room: RoomID }) {
  const d = t();
  const form = useId();
  const before = rooms.peek().get(room);
  const [name, setName] = useState(before?.name ?? '');
  const [topic, setTopic] = useState(before?.topic ?? '');
  const [errors, setErrors] = useState<FieldErrors>({});
  const [busy, setBusy] = useState(false);

  const submit = async (event: Event) => {
    event.preventDefault();
    const wrong = missing({ name });
    setErrors(wrong);
    if (wrong.name) {
      return;
    }
    const change = {
      ...(name.trim() === before?.name ? {} : { name: name.trim() }),
      ...(topic.trim() === before?.topic ? {} : { topic: topic.trim() }),
    };
    if (!Object.keys(change).length) {
      closeDialog();
      return;
    }
    setBusy(true);
    const result = await editRoom(room, change);
    setBusy(false);
    if (result.ok) {
      closeDialog();
    } else {
      setErrors(refusal(result.failure));
    }
  };

  return (
    <Dialog
      title={d.editRoom}
      onClose={closeDialog}
      actions={
        <>
          <Button onClick={closeDialog}>{d.cancel}</Button>
          <Button type="submit" form={form} kind="primary" busy={busy}>
            {d.save}
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
      </form>
    </Dialog>
  );
}
