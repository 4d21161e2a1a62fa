// The reactions under a message. Pressing one adds or removes the person's own.
import { useRef } from 'preact/hooks';
import { cls } from '../../kit/cls';
import type { Message, Reaction } from '../../store/messages';
import { nameOf } from '../../store/people';
import { me } from '../../store/session';
import { toastFailure } from '../failures/tell';
import { toggleReaction } from './actions';
import css from './Reactions.module.css';
import { t } from './texts';

interface Props {
  message: Message;
  /** The row has the focus or the pointer, so Tab reaches its buttons. */
  active: boolean;
  member: boolean;
}

export function Reactions({ message, active, member }: Props) {
  // An emoji that everybody took back while the row was in use keeps its place as long as the row: nothing else comes
  // under the finger, neither then nor when the next row is pressed.
  const shown = useRef(new Map<string, Reaction>());
  const before = [...shown.current.values()].filter((one) => active || !one.user_ids.length);
  shown.current = new Map(
    [...before.map(({ emoji }) => ({ emoji, user_ids: [] })), ...(message.reactions ?? [])].map((one) => [
      one.emoji,
      one,
    ]),
  );
  return shown.current.size ? (
    <ul class={css.list}>
      {[...shown.current.values()].map((one) => (
        <li key={one.emoji}>
          <Chip message={message} reaction={one} active={active} member={member} />
        </li>
      ))}
    </ul>
  ) : null;
}

function Chip({ message, reaction, active, member }: Props & { reaction: Reaction }) {
  const { emoji, user_ids: ids } = reaction;
  const mine = ids.includes(me.value?.id ?? 0);
  const d = t();
  return (
    <button
      type="button"
      class={cls(css.chip, mine && css.mine)}
      aria-pressed={mine}
      aria-label={d.reactionCount(emoji, ids.length)}
      title={d.reactionBy(emoji, ids.slice(0, 20).map(nameOf))}
      tabIndex={active ? 0 : -1}
      disabled={!member}
      onClick={() => react(message, emoji)}
    >
      <span>{emoji}</span>
      <span class={css.count}>{ids.length}</span>
    </button>
  );
}

/** Adds or removes the person's reaction. Shows a toast when the server refuses. */
export async function react(message: Message, emoji: string): Promise<void> {
  const mine = message.reactions?.find((one) => one.emoji === emoji)?.user_ids.includes(me.peek()?.id ?? 0);
  const result = await toggleReaction(message, emoji, mine ?? false);
  if (!result.ok) {
    void toastFailure(result.failure);
  }
}
