// The form of a room's name and topic, for making one and for changing one.
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { Dialog } from '../../kit/Dialog';
import { closeDialog } from '../../kit/dialogs';
import { Field } from '../../kit/Field';
import css from '../../kit/form.module.css';
import { Problem } from '../../kit/Problem';
import { useForm } from '../../kit/useForm';
import type { Failure } from '../../net/result';
import { refusal } from '../account/errors';
import { t } from './texts';

interface RoomFormProps {
  title: string;
  submit: string;
  name?: string;
  topic?: string;
  /** Stores the room. A failure that it returns is shown under its field. */
  onSubmit: (name: string, topic: string) => Promise<Failure | undefined>;
  children?: ComponentChildren;
}

export function RoomForm({ title, submit, onSubmit, children, ...before }: RoomFormProps) {
  const d = t();
  const id = useId();
  const form = useForm(
    { name: before.name ?? '', topic: before.topic ?? '' },
    {
      need: ['name'],
      async send({ name, topic }) {
        const failure = await onSubmit(name, topic.trim());
        return failure && refusal(failure);
      },
    },
  );

  return (
    <Dialog
      title={title}
      onClose={closeDialog}
      actions={
        <>
          <Button onClick={closeDialog}>{d.cancel}</Button>
          <Button type="submit" form={id} kind="primary" busy={form.busy}>
            {submit}
          </Button>
        </>
      }
    >
      <form id={id} class={css.form} onSubmit={form.submit} noValidate>
        <Field
          label={d.createRoomName}
          hint={d.createRoomNameHint}
          lines={2}
          {...form.field('name')}
          onValue={(value) => form.set({ name: value.replace(/\s/gu, '-') })}
          maxLength={64}
          autocomplete="off"
          exact
          enterkeyhint="next"
          autofocus={before.name === undefined}
          required
        />
        <Field
          label={`${d.createRoomTopic} (${d.optional})`}
          hint={d.createRoomTopicHint}
          {...form.field('topic')}
          maxLength={1024}
          autocomplete="off"
        />
        {children}
        <Problem text={form.errors['']} />
      </form>
    </Dialog>
  );
}
