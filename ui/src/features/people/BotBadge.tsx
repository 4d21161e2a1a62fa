// Marks a program after its name, so that nobody takes it for a person.

import { personOf, type UserID } from '../../store/people';
import css from './BotBadge.module.css';
import { t } from './texts';

export function BotBadge({ person }: { person: UserID }) {
  return personOf(person).value?.bot ? <span class={css.bot}>{t().bot}</span> : null;
}
