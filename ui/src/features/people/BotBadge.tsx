// Marks a program after its name, so that nobody takes it for a person, and somebody who is deactivated.

import { personOf, type UserID } from '../../store/people';
import css from './BotBadge.module.css';
import { t } from './texts';

export function BotBadge({ person }: { person: UserID }) {
  const user = personOf(person).value;
  return (
    <>
      {user?.bot && <span class={css.bot}>{t().bot}</span>}
      {user?.deactivated && <span class={css.bot}>{t().deactivated}</span>}
    </>
  );
}
