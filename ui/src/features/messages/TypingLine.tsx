// The line that says who is typing, or that the server is away. It keeps its height when it says nothing, and screen
// readers skip it.

import { cls } from '../../kit/cls';
import { nameOf } from '../../store/people';
import type { RoomID } from '../../store/rooms';
import { me } from '../../store/session';
import { typingOf } from '../../store/typing';
import { awayText, PhoneRetry } from '../away/away';
import css from './TypingLine.module.css';
import { t } from './texts';

/** `writes`: may the reader write here? Else no messages wait. */
export function TypingLine({ room, writes }: { room: RoomID; writes?: boolean }) {
  const d = t();
  const ids = (typingOf(room).value ?? []).filter((id) => id !== me.value?.id);
  const lost = awayText(!writes);
  const typing = ids.length > 3 ? d.typingMany : ids.length ? d.typing(ids.map(nameOf)) : '';
  return (
    <div class={css.line}>
      <p class={cls(css.text, lost && css.lost)} aria-hidden="true">
        {lost ?? typing}
      </p>
      <PhoneRetry />
    </div>
  );
}
