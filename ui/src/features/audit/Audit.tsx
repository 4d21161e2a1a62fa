// The audit log, for the owner and the admins: who did what to whom, the newest first.
import { Lock, ScrollText } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { formatDateTime, formatNumber } from '../../i18n';
import { Button } from '../../kit/Button';
import { EmptyState } from '../../kit/EmptyState';
import form from '../../kit/form.module.css';
import { Skeleton } from '../../kit/Skeleton';
import { nameOf } from '../../store/people';
import { isAdmin } from '../../store/session';
import { Page } from '../page/Page';
import { failureText } from '../words/failures';
import css from './Audit.module.css';
import { type AuditEntry, listAudit } from './actions';
import { t } from './texts';

export function Audit() {
  const d = t();
  return (
    <Page title={d.auditTitle}>
      {isAdmin.value ? <List /> : <EmptyState icon={Lock} title={d.auditAdminsOnly} />}
    </Page>
  );
}

function List() {
  const d = t();
  const [entries, setEntries] = useState<readonly AuditEntry[]>();
  const [more, setMore] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  const load = async (before?: number) => {
    setBusy(true);
    const result = await listAudit(before);
    setBusy(false);
    setProblem(result.ok ? undefined : failureText(result.failure));
    if (result.ok) {
      const { entries: page, more: left } = result.value;
      setEntries((known) => (before ? [...(known ?? []), ...page] : page));
      setMore(left);
    }
  };
  useEffect(() => void load(), []);

  return (
    <div class={css.page}>
      {problem && (
        <p class={form.problem} role="alert">
          {entries ? problem : d.auditFailed}{' '}
          {!entries && <Button onClick={() => void load()}>{d.retry}</Button>}
        </p>
      )}
      {!entries && !problem && <Skeleton rows={4} />}
      {entries?.length === 0 && <EmptyState icon={ScrollText} title={d.auditNone} />}
      <ol class={css.list}>
        {entries?.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
      {more && (
        <div>
          <Button busy={busy} onClick={() => void load(entries?.at(-1)?.id)}>
            {d.auditOlder}
          </Button>
        </div>
      )}
    </div>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const d = t();
  const { room_id: room, seq, user_id: person } = entry;
  const details = [
    room && (seq ? d.auditMessage(formatNumber(room), formatNumber(seq)) : d.auditRoom(formatNumber(room))),
    entry.detail && (d.auditDetails[entry.detail] ?? entry.detail),
  ].filter(Boolean);
  return (
    <li class={css.row}>
      <p>
        <span class={css.by}>{entry.by ? nameOf(entry.by) : d.auditCommand}</span>{' '}
        {/* A later server may have an act that this client does not know. */}
        {d.auditActs[entry.act]?.(person ? nameOf(person) : '') ?? entry.act}
      </p>
      <p class={css.detail}>
        <time dateTime={new Date(entry.at).toISOString()}>{formatDateTime(entry.at)}</time>
        {details.map((one) => ` · ${one}`)}
      </p>
    </li>
  );
}
