// The edit box in the row of an own message.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { composing, sends } from '../../kit/enter';
import { focusRoom } from '../../kit/focus';
import { useGrow } from '../../kit/grow';
import { useLayer } from '../../kit/layers';
import { toast } from '../../kit/toasts';
import { isTouch } from '../../kit/touch';
import type { Message } from '../../store/messages';
import { CommandLine, useCommand } from '../commands/open';
import { failureText } from '../failures/failureText';
import { editMessage } from './actions';
import { stopEdit } from './editing';
import { edits } from './edits';
import css from './RowEdit.module.css';
import { t } from './texts';

export function RowEdit({ message }: { message: Message }) {
  const d = t();
  const field = useRef<HTMLTextAreaElement>(null);
  const id = `${message.room_id}/${message.seq}`;
  const [text, setText] = useState(edits.now.get(id) ?? message.body);
  const [busy, setBusy] = useState(false);
  useGrow(field, text);
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(text.length, text.length);
  }, []);

  const leave = () => {
    stopEdit();
    focusRoom();
  };
  // Back ends it, and what was typed is there the next time. To cancel throws it away.
  useLayer(leave);
  const close = () => {
    edits.now.delete(id);
    leave();
  };
  const [held, mayGo] = useCommand(text);
  const save = async (asIs = false) => {
    const body = text.trim();
    if (!body || body === message.body) {
      close();
      return;
    }
    if (!mayGo(asIs)) {
      return;
    }
    setBusy(true);
    const result = await editMessage(message.room_id, message.seq, body);
    setBusy(false);
    if (result.ok) {
      close();
    } else {
      toast(failureText(result.failure), { kind: 'error' });
    }
  };

  return (
    <div class={css.edit}>
      {held && <CommandLine command={held} edits onSend={() => void save(true)} />}
      <textarea
        ref={field}
        class={css.field}
        rows={1}
        dir="auto"
        aria-label={d.editLabel}
        enterkeyhint={isTouch() ? 'enter' : 'done'}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          edits.now.set(id, event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (sends(event, isTouch())) {
            event.preventDefault();
            void save();
          } else if (event.key === 'Escape' && !composing(event)) {
            event.preventDefault();
            event.stopPropagation();
            close();
          }
        }}
      />
      <div class={css.foot}>
        <span class={css.hint}>{isTouch() ? '' : d.editHint}</span>
        <Button kind="quiet" onClick={close}>
          {d.cancel}
        </Button>
        <Button kind="primary" busy={busy} onClick={() => void save()}>
          {d.save}
        </Button>
      </div>
    </div>
  );
}
