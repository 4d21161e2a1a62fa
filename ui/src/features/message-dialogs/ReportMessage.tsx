// Reports a message to the owner and the admins of the server.
import { useId } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { Dialog } from '../../kit/Dialog';
import { closeDialog } from '../../kit/dialogs';
import { Field } from '../../kit/Field';
import css from '../../kit/form.module.css';
import { Problem } from '../../kit/Problem';
import { toast } from '../../kit/toasts';
import { useForm } from '../../kit/useForm';
import type { Message } from '../../store/messages';
import { failureText } from '../failures/failureText';
import { reportMessage } from './actions';
import { t } from './texts';

/** Characters of a reason. */
const most = 500;

export function ReportMessage({ message }: { message: Message }) {
  const d = t();
  const id = useId();
  const form = useForm(
    { reason: '' },
    {
      async send({ reason }) {
        const result = await reportMessage(message.room_id, message.seq, reason.trim());
        if (!result.ok) {
          return { '': failureText(result.failure) };
        }
        toast(d.reported);
        closeDialog();
      },
    },
  );
  return (
    <Dialog
      title={d.reportTitle}
      onClose={closeDialog}
      actions={
        <>
          <Button onClick={closeDialog}>{d.cancel}</Button>
          <Button kind="primary" type="submit" form={id} busy={form.busy}>
            {d.report}
          </Button>
        </>
      }
    >
      <form id={id} class={css.form} onSubmit={form.submit} noValidate>
        <p>{d.reportText}</p>
        <Field
          label={d.reportReason}
          hint={d.reportReasonHint}
          {...form.field('reason')}
          autocomplete="off"
          maxLength={most}
          autofocus
        />
        <Problem text={form.errors['']} />
      </form>
    </Dialog>
  );
}
