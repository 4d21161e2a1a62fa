// A message that was reported, between its neighbours, and what can be done about it.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { formatDateTime } from '../../i18n';
import { Button } from '../../kit/Button';
import { cls } from '../../kit/cls';
import { Dialog } from '../../kit/Dialog';
import form from '../../kit/form.module.css';
import { Skeleton } from '../../kit/Skeleton';
import { toast } from '../../kit/toasts';
import { nameOf } from '../../store/people';
import { messageHTML } from '../../trust';
import { openAccount } from '../accounts/open';
import { failureText } from '../failures/failureText';
import { Unloaded } from '../failures/Unloaded';
import { askBefore } from '../question/open';
import { closeReport, type Report, type ReportView, showReport } from './actions';
import css from './Reports.module.css';
import { t } from './texts';

interface Props {
  report: Report;
  /** changed: the report was closed. */
  onClose: (changed: boolean) => void;
}

export function ReportedMessage({ report, onClose }: Props) {
  const d = t();
  const [view, setView] = useState<ReportView>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const load = async () => {
    const result = await showReport(report);
    setProblem(result.ok ? undefined : failureText(result.failure));
    if (result.ok) {
      setView(result.value);
    }
  };
  useEffect(() => void load(), []);
  const reported = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => reported.current?.scrollIntoView({ block: 'center' }), [view]);

  const end = async () => {
    setBusy(true);
    const result = await closeReport(report, false);
    setBusy(false);
    if (result.ok) {
      toast(d.reportDone);
      onClose(true);
    } else {
      toast(failureText(result.failure), { kind: 'error' });
    }
  };

  const askDelete = () =>
    askBefore({
      title: d.reportDeleteAsk,
      act: d.reportDelete,
      async run() {
        const result = await closeReport(report, true);
        if (result.ok) {
          onClose(true);
        }
        return result;
      },
      done: d.reportDone,
      children: <p>{d.reportDeleteText(nameOf(report.author_id))}</p>,
    });

  const there = view?.messages.some((m) => m.seq === report.seq && !m.deleted_at);
  return (
    <Dialog
      title={d.reportOf(nameOf(report.author_id))}
      onClose={() => onClose(false)}
      wide
      tall
      actions={
        <>
          {/* The first, since it comes with the message: what stands at the end keeps its place. */}
          {there && (
            <Button kind="danger" onClick={askDelete}>
              {d.reportDelete}
            </Button>
          )}
          {!report.closed_at && (
            <Button busy={busy} onClick={() => void end()}>
              {d.reportClose}
            </Button>
          )}
        </>
      }
    >
      <div class={form.form}>
        <p class={form.note}>
          {d.reportBy(nameOf(report.reporter_id))}
          {report.reason && ': '}
          <bdi>{report.reason}</bdi>
        </p>
        <div>
          <Button onClick={() => openAccount(report.author_id)}>
            {d.reportAccount(nameOf(report.author_id))}
          </Button>
        </div>
        {!view && (problem ? <Unloaded why={problem} again={load} /> : <Skeleton rows={3} />)}
        <ul class={css.messages} aria-label={d.reportShown}>
          {view?.messages.map((m) => (
            <li
              key={m.seq}
              ref={m.seq === report.seq ? reported : undefined}
              class={cls(css.message, m.seq === report.seq && css.this)}
            >
              {m.seq === report.seq && <span class={css.mark}>{d.reportThis}</span>}
              <p class={css.head}>
                <bdi class={css.name}>{nameOf(m.author_id)}</bdi>
                <time dateTime={new Date(m.created_at).toISOString()}>{formatDateTime(m.created_at)}</time>
              </p>
              {m.deleted_at ? (
                <p class={css.gone}>{d.reportGone}</p>
              ) : (
                <div
                  class="markdown"
                  {...(m.html ? messageHTML(m.html) : { children: <p dir="auto">{m.body}</p> })}
                />
              )}
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
