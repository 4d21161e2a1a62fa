// In the announcements it names who may post, and in an archived room it says that nobody may.
import { formatList } from '../../i18n';
import { nameOf, people } from '../../store/people';
import { t } from './texts';

const named = 3;

export function PostersLine({ archived }: { archived: boolean }) {
  const posters = [...people.value.values()].filter((user) => user.role !== 'member');
  // Many admins are not named one by one.
  const names = posters.length > named ? '' : formatList(posters.map((user) => nameOf(user.id)));
  return <span>{archived ? t().roomArchived : t().roomPostersOnly(names)}</span>;
}
