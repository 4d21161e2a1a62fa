// The line that says who is typing. It keeps its height when nobody is, and screen readers skip it.

import { nameOf } from '../../store/people';
import type { RoomID } from '../../store/rooms';
import { me } from '../../store/session';
import { typingOf } from '../../store/typing';
import css from './TypingLine.module.css';
import { t } from './texts';

export function TypingLine({ room }: { room: RoomID }) {
  const d = t();
  const ids = (typingOf(room).value ?? []).filter((id) => id !== me.value?.id);
  const text = ids.length > 3 ? d.typingMany : ids.length ? d.typing(ids.map(nameOf)) : '';
  return (
    <p class={css.line} aria-hidden="true">
      {text}
    </p>
  );
}
