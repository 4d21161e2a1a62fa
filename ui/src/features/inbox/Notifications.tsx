// The inbox: notifications of programs, the newest first.
import { Bell, CheckCheck } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { EmptyState } from '../../kit/EmptyState';
import { Skeleton } from '../../kit/Skeleton';
import { useStill } from '../../kit/still';
import { toast } from '../../kit/toasts';
import { inbox, type Notification, type NotificationRead } from '../../store/inbox';
import { connection } from '../../store/session';
import { failureText } from '../failures/failureText';
import { Page } from '../page/Page';
import { loadInbox, loadOlderNotifications, readNotifications } from './actions';
import { NotificationRow } from './NotificationRow';
import css from './Notifications.module.css';
import { t } from './texts';

async function markRead(what: NotificationRead): Promise<void> {
  const result = await readNotifications(what);
  if (!result.ok) {
    toast(failureText(result.failure), { kind: 'error' });
  }
}

export function Notifications() {
  const d = t();
  const { list, unread, stale, before } = inbox.value;
  const [failed, setFailed] = useState(false);
  const page = useRef<HTMLDivElement>(null);
  const missing = !list || stale;
  const online = connection.value === 'online';

  const load = async () => {
    setFailed(false);
    const result = await loadInbox();
    setFailed(!result.ok);
  };
  useEffect(() => {
    if (missing) {
      void load();
    }
  }, [missing, online]);

  const readAll = () => {
    void markRead({ up_to: list?.at(-1)?.seq ?? 0 });
    // The button disappears. Tab moves on from the list.
    page.current?.focus();
  };

  return (
    <Page
      title={d.notifications}
      actions={
        list &&
        unread > 0 && (
          <Button kind="quiet" icon={CheckCheck} onClick={readAll}>
            {d.notificationsReadAll}
          </Button>
        )
      }
    >
      <div ref={page} class={css.page} tabIndex={-1}>
        {!list && failed && (
          <EmptyState
            icon={Bell}
            title={d.notificationsFailed}
            action={<Button onClick={() => void load()}>{d.retry}</Button>}
          />
        )}
        {!list && !failed && <Skeleton rows={6} tiles />}
        {list?.length === 0 && (
          <EmptyState icon={Bell} title={d.notificationsNone} text={d.notificationsNoneText} />
        )}
        {list && list.length > 0 && <List list={list} before={before} />}
      </div>
    </Page>
  );
}

function List({ list, before }: { list: readonly Notification[]; before: boolean }) {
  const box = useRef<HTMLUListElement>(null);
  // A new one stands at the top, so it waits until nobody is about to press one below it.
  const newest = useStill(box, list.at(-1)?.seq ?? 0);
  const shown = list.filter((one) => one.seq <= newest);
  return (
    <>
      <ul ref={box} class={css.list}>
        {shown.toReversed().map((one) => (
          <NotificationRow key={one.seq} one={one} onRead={() => void markRead({ seq: one.seq })} />
        ))}
      </ul>
      {before && <Older first={list[0]?.seq ?? 0} />}
    </>
  );
}

/** The next page is asked for this far before the end. */
const ahead = '600px';

/** Loads older notifications near the end of the list. After a failure a button does it. */
function Older({ first }: { first: number }) {
  const d = t();
  const end = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<'busy' | 'failed'>();
  const load = async () => {
    setState('busy');
    const result = await loadOlderNotifications();
    setState(result.ok ? undefined : 'failed');
  };
  useEffect(() => {
    if (!end.current || state) {
      return;
    }
    const near = (entries: IntersectionObserverEntry[]) => {
      if (entries.at(-1)?.isIntersecting) {
        void load();
      }
    };
    const watch = new IntersectionObserver(near, { root: end.current.parentElement, rootMargin: ahead });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [first, state]);
  return (
    <div ref={end} class={css.older}>
      {state === 'failed' && <p role="alert">{d.notificationsFailed}</p>}
      <Button busy={state === 'busy'} onClick={() => void load()}>
        {state === 'failed' ? d.retry : d.notificationsOlder}
      </Button>
    </div>
  );
}
