// What people reported, for the owner and the admins: the newest first.
import { Flag } from 'lucide';
import { useRef, useState } from 'preact/hooks';
import { formatDate, formatDateTime } from '../../i18n';
import { Avatar } from '../../kit/Avatar';
import { Button } from '../../kit/Button';
import { cls } from '../../kit/cls';
import { EmptyState } from '../../kit/EmptyState';
import { displayNameOf, nameOf } from '../../store/people';
import { PagedList } from '../page/PagedList';
import list from '../page/PagedList.module.css';
import { usePages } from '../page/pages';
import { listReports, type Report } from './actions';
import { ReportedMessage } from './ReportedMessage';
import css from './Reports.module.css';
import { t } from './texts';

export function Reports() {
  const d = t();
  const box = useRef<HTMLDivElement>(null);
  const pages = usePages(listReports, (answer) => answer.reports);
  const [looking, setLooking] = useState<Report>();

  const close = (changed: boolean) => {
    const id = looking?.id;
    setLooking(undefined);
    if (changed) {
      pages.load();
    }
    requestAnimationFrame(() =>
      box.current?.querySelector<HTMLElement>(`[data-report="${id}"] button`)?.focus(),
    );
  };

  return (
    <PagedList
      pages={pages}
      row={(one) => <ReportRow key={one.id} one={one} onLook={() => setLooking(one)} />}
      failed={d.reportsFailed}
      next={d.reportsOlder}
      note={d.reportsText}
      none={<EmptyState icon={Flag} title={d.reportsNone} text={d.reportsNoneText} />}
      tiles
      box={box}
    >
      {looking && <ReportedMessage report={looking} onClose={close} />}
    </PagedList>
  );
}

function ReportRow({ one, onLook }: { one: Report; onLook: () => void }) {
  const d = t();
  const author = nameOf(one.author_id);
  return (
    <li class={cls(list.row, Boolean(one.closed_at) && list.past)} data-report={one.id}>
      <Avatar id={one.author_id} name={displayNameOf(one.author_id)} />
      <div class={list.grow}>
        <p class={css.head}>
          <span class={list.name}>{d.reportOf(author)}</span>
          {!one.closed_at && <span class={css.open}>{d.reportOpen}</span>}
        </p>
        {one.reason && (
          <p class={css.reason} dir="auto">
            {one.reason}
          </p>
        )}
        <p class={list.detail}>
          {d.reportBy(nameOf(one.reporter_id))} · {d.reportWhere[one.kind]} ·{' '}
          <time dateTime={new Date(one.created_at).toISOString()} title={formatDateTime(one.created_at)}>
            {formatDate(one.created_at)}
          </time>
        </p>
        {one.closed_at && one.closed_by && (
          <p class={list.detail}>{d.reportClosedBy(nameOf(one.closed_by), formatDate(one.closed_at))}</p>
        )}
      </div>
      <Button aria-label={d.reportLookAt(author)} onClick={onLook}>
        {d.reportLook}
      </Button>
    </li>
  );
}
