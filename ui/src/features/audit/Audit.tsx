// The audit log, for the owner and the admins: who did what to whom, the newest first.
import { ScrollText } from 'lucide';
import { formatDateTime } from '../../i18n';
import { EmptyState } from '../../kit/EmptyState';
import { nameOf } from '../../store/people';
import { PagedList } from '../page/PagedList';
import list from '../page/PagedList.module.css';
import { usePages } from '../page/pages';
import css from './Audit.module.css';
import { type AuditEntry, listAudit } from './actions';
import { detailsOf } from './details';
import { t } from './texts';

export function Audit() {
  const d = t();
  return (
    <PagedList
      pages={usePages(listAudit, (answer) => answer.entries)}
      row={(entry) => <Entry key={entry.id} entry={entry} />}
      failed={d.auditFailed}
      next={d.auditOlder}
      note={d.auditText}
      none={<EmptyState icon={ScrollText} title={d.auditNone} />}
    />
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const d = t();
  const person = entry.user_id;
  return (
    <li class={css.row}>
      <p>
        <bdi class={css.by}>{entry.by ? nameOf(entry.by) : d.auditCommand}</bdi>{' '}
        {/* A later server may have an act that this client does not know. */}
        {d.auditActs[entry.act]?.(person ? nameOf(person) : '') ?? entry.act}
      </p>
      <p class={list.detail}>
        <time dateTime={new Date(entry.at).toISOString()}>{formatDateTime(entry.at)}</time>
        {detailsOf(entry).map((one) => ` · ${one}`)}
      </p>
    </li>
  );
}
