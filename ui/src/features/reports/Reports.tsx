// What people reported, for the owner and the admins: the newest first.
import { Flag, Lock } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatDate, formatDateTime } from '../../i18n';
import { Avatar } from '../../kit/Avatar';
import { Button } from '../../kit/Button';
import { cls } from '../../kit/cls';
import { EmptyState } from '../../kit/EmptyState';
import form from '../../kit/form.module.css';
import { Skeleton } from '../../kit/Skeleton';
import { displayNameOf, nameOf } from '../../store/people';
import { isAdmin } from '../../store/session';
import { Page } from '../page/Page';
import { failureText } from '../words/failures';
import { listReports, type Report } from './actions';
import { ReportedMessage } from './ReportedMessage';
import css from './Reports.module.css';
import { t } from './texts';

export function Reports() {
  const d = t();
  return (
    <Page title={d.reportsTitle}>
      {isAdmin.value ? <List /> : <EmptyState icon={Lock} title={d.reportsAdminsOnly} />}
    </Page>
  );
}

function List() {
  const d = t();
  const box = useRef<HTMLDivElement>(null);
  const [reports, setReports] = useState<readonly Report[]>();
  const [more, setMore] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [looking, setLooking] = useState<Report>();

  const load = async (before?: number) => {
    setBusy(true);
    const result = await listReports(before);
    setBusy(false);
    setProblem(result.ok ? undefined : failureText(result.failure));
    if (result.ok) {
      const { reports: page, more: left } = result.value;
      setReports((known) => (before ? [...(known ?? []), ...page] : page));
      setMore(left);
    }
  };
  useEffect(() => void load(), []);

  const close = (changed: boolean) => {
    const id = looking?.id;
    setLooking(undefined);
    if (changed) {
      void load();
    }
    requestAnimationFrame(() =>
      box.current?.querySelector<HTMLElement>(`[data-report="${id}"] button`)?.focus(),
    );
  };

  return (
    <div ref={box} class={css.page}>
      {problem && (
        <p class={form.problem} role="alert">
          {reports ? problem : d.reportsFailed}{' '}
          {!reports && <Button onClick={() => void load()}>{d.retry}</Button>}
        </p>
      )}
      {!reports && !problem && <Skeleton rows={4} tiles />}
      {reports?.length === 0 && <EmptyState icon={Flag} title={d.reportsNone} text={d.reportsNoneText} />}
      <ul class={css.list}>
        {reports?.map((one) => (
          <ReportRow key={one.id} one={one} onLook={() => setLooking(one)} />
        ))}
      </ul>
      {more && (
        <div>
          <Button busy={busy} onClick={() => void load(reports?.at(-1)?.id)}>
            {d.reportsOlder}
          </Button>
        </div>
      )}
      {looking && <ReportedMessage report={looking} onClose={close} />}
    </div>
  );
}

function ReportRow({ one, onLook }: { one: Report; onLook: () => void }) {
  const d = t();
  const author = nameOf(one.author_id);
  return (
    <li class={cls(css.row, Boolean(one.closed_at) && css.closed)} data-report={one.id}>
      <Avatar id={one.author_id} name={displayNameOf(one.author_id)} />
      <div class={css.grow}>
        <p class={css.head}>
          <span class={css.name}>{d.reportOf(author)}</span>
          {!one.closed_at && <span class={css.open}>{d.reportOpen}</span>}
        </p>
        {one.reason && <p class={css.reason}>{one.reason}</p>}
        <p class={css.detail}>
          {d.reportBy(nameOf(one.reporter_id))} · {d.reportWhere[one.kind]} ·{' '}
          <time dateTime={new Date(one.created_at).toISOString()} title={formatDateTime(one.created_at)}>
            {formatDate(one.created_at)}
          </time>
        </p>
        {one.closed_at && one.closed_by && (
          <p class={css.detail}>{d.reportClosedBy(nameOf(one.closed_by), formatDate(one.closed_at))}</p>
        )}
      </div>
      <Button aria-label={d.reportLookAt(author)} onClick={onLook}>
        {d.reportLook}
      </Button>
    </li>
  );
}
