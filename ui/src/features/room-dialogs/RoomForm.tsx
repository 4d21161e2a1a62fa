// The form of a room's name and topic, for making one and for changing one.
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { Dialog } from '../../kit/Dialog';
import { closeDialog } from '../../kit/dialogs';
import { Field } from '../../kit/Field';
import css from '../../kit/form.module.css';
import type { Failure } from '../../net/result';
import { type FieldErrors, missing, refusal } from '../account/errors';
import { t } from './texts';

export interface RoomFormProps {
  title: string;
  submit: string;
  name?: string;
  topic?: string;
  /** Stores it and goes on; what was refused is shown under its field. */
  onSubmit: (name: string, topic: string) => Promise<Failure | undefined>;
  children?: ComponentChildren;
}

export function RoomForm({ title, submit, onSubmit, children, ...before }: RoomFormProps) {
  const d = t();
  const form = useId();
  const [name, setName] = useState(before.name ?? '');
  const [topic, setTopic] = useState(before.topic ?? '');
  const [errors, setErrors] = useState<FieldErrors>({});
  const [busy, setBusy] = useState(false);

  const submitted = async (event: Event) => {
    event.preventDefault();
    const wrong = missing({ name });
    setErrors(wrong);
    if (wrong.name) {
      return;
    }
    setBusy(true);
    const failure = await onSubmit(name, topic.trim());
    setBusy(false);
    if (failure) {
      setErrors(refusal(failure));
    }
  };

  return (
    <Dialog
      title={title}
      onClose={closeDialog}
      actions={
        <>
          <Button onClick={closeDialog}>{d.cancel}</Button>
          <Button type="submit" form={form} kind="primary" busy={busy}>
            {submit}
          </Button>
        </>
      }
    >
      <form id={form} class={css.form} onSubmit={submitted} noValidate>
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
          autofocus={before.name === undefined}
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
        {children}
      </form>
    </Dialog>
  );
}
