// The composer. It keeps the draft, grows with the text, and sends with Enter.
import { SendHorizontal, Smile } from 'lucide';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { IconButton } from '../../kit/Button';
import { composing, sends } from '../../kit/enter';
import { focusField } from '../../kit/focus';
import { useGrow } from '../../kit/grow';
import { Icon } from '../../kit/Icon';
import { isTouch } from '../../kit/touch';
import { draftOf } from '../../store/drafts';
import type { RoomID } from '../../store/rooms';
import { limits } from '../../store/session';
import { CommandLine, useCommand } from '../commands/open';
import { openPicker } from '../emoji/open';
import { editLast, noteTyping, sendMessage, setDraft } from './actions';
import css from './Composer.module.css';
import { markRead } from './history';
import { t } from './texts';

interface Props {
  room: RoomID;
  title: string;
}

export function Composer({ room, title }: Props) {
  const d = t();
  const field = useRef<HTMLTextAreaElement>(null);
  const text = draftOf(room).value ?? '';
  const over = [...text].length - limits.value.message_characters;
  const ready = text.trim() !== '' && over <= 0;
  useGrow(field, text);
  // Before the page is painted: a person who sees the room may type.
  useLayoutEffect(() => {
    if (!isTouch()) {
      focusField(field.current);
    }
  }, [room]);

  const [held, mayGo] = useCommand(text);
  const send = (asIs = false) => {
    if (!ready) {
      return;
    }
    if (mayGo(asIs)) {
      sendMessage(room, text.trim());
    }
    field.current?.focus();
  };
  const insert = (emoji: string) => {
    const area = field.current;
    if (area) {
      const { selectionStart: from, selectionEnd: to, value } = area;
      setDraft(room, value.slice(0, from) + emoji + value.slice(to));
      area.focus();
      requestAnimationFrame(() => area.setSelectionRange(from + emoji.length, from + emoji.length));
    }
  };
  const key = (event: KeyboardEvent) => {
    if (composing(event)) {
      return;
    }
    if (sends(event, isTouch())) {
      event.preventDefault();
      send();
    } else if (event.key === 'ArrowUp' && !event.altKey && text === '' && editLast(room)) {
      event.preventDefault();
    } else if (event.key === 'Escape') {
      markRead(room);
    }
  };

  return (
    <form
      class={css.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {held && <CommandLine command={held} onSend={() => send(true)} />}
      <div class={css.box}>
        <textarea
          ref={field}
          class={css.field}
          data-composer=""
          dir="auto"
          rows={1}
          aria-label={d.composerLabel(title)}
          aria-describedby={over > 0 ? 'composer-over' : undefined}
          placeholder={d.composerPlaceholder(title)}
          value={text}
          enterkeyhint={isTouch() ? 'enter' : 'send'}
          onInput={(event) => {
            setDraft(room, event.currentTarget.value);
            if (event.currentTarget.value.trim()) {
              noteTyping(room);
            }
          }}
          onKeyDown={key}
        />
        <IconButton
          icon={Smile}
          label={d.emoji}
          onClick={(event) => openPicker(event.currentTarget, insert)}
        />
        <button
          type="submit"
          class={css.send}
          aria-label={d.send}
          title={d.send}
          disabled={!ready}
          onMouseDown={(event) => event.preventDefault()}
        >
          <Icon of={SendHorizontal} />
        </button>
      </div>
      {over > 0 && (
        <p id="composer-over" class={css.over} role="status">
          {d.tooLong(over)}
        </p>
      )}
    </form>
  );
}
