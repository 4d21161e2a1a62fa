// In place of the composer of the announcements, for those who may not post: who can.
import { formatList } from '../../i18n';
import { people } from '../../store/people';
import css from './JoinBar.module.css';
import { t } from './texts';

const named = 3;

export function PostersLine() {
  const posters = [...people.value.values()].filter((user) => user.role !== 'member');
  // Many admins are told by their office, not by name.
  const names =
    posters.length > named ? '' : formatList(posters.map((user) => user.display_name || user.name));
  return (
    <div class={css.bar}>
      <span>{t().roomPostersOnly(names)}</span>
    </div>
  );
}
