// Shows a person's presence by shape and by words, not by color alone.

import { cls } from '../../kit/cls';
import type { PresenceState, UserID } from '../../net/types';
import { presenceOf } from '../../store/presence';
import css from './PresenceDot.module.css';
import { t } from './texts';

/** The words for a state. */
export function presenceText(state: PresenceState | undefined): string {
  const d = t();
  return { online: d.presenceOnline, away: d.presenceAway, offline: d.presenceOffline }[state ?? 'offline'];
}

interface Props {
  person: UserID;
  /** On the corner of an avatar. */
  corner?: boolean;
}

export function PresenceDot({ person, corner }: Props) {
  const state = presenceOf(person).value?.state ?? 'offline';
  return (
    <span class={cls(css.dot, css[state], corner && css.corner)} title={presenceText(state)}>
      <span class="hidden">{presenceText(state)}</span>
    </span>
  );
}
