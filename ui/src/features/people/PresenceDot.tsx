// Shows a person's presence by shape and by words, not by color alone.

import { cls } from '../../kit/cls';
import type { PresenceState, UserID } from '../../net/types';
import { presenceOf } from '../../store/presence';
import css from './PresenceDot.module.css';
import { t } from './texts';

/** The words for a state. It is unknown before the server has said it, and while the server is away. */
export function presenceText(state: PresenceState | undefined): string {
  const d = t();
  return state
    ? { online: d.presenceOnline, away: d.presenceAway, offline: d.presenceOffline }[state]
    : d.presenceUnknown;
}

interface Props {
  person: UserID;
  /** On the corner of an avatar. */
  corner?: boolean;
}

export function PresenceDot({ person, corner }: Props) {
  const state = presenceOf(person).value?.state;
  return corner && !state ? null : (
    <span class={cls(css.dot, css[state ?? 'unknown'], corner && css.corner)} title={presenceText(state)}>
      <span class="hidden">{presenceText(state)}</span>
    </span>
  );
}
