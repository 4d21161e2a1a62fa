// The bar shown while the server is away: a text after 3 seconds, a button after 10.
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../../kit/announce';
import { awaySince, connection } from '../../store/session';
import { reconnectNow } from './actions';
import css from './Banner.module.css';
import { t } from './texts';

const quietFor = 3_000;
const buttonAfter = 10_000;

export function Banner() {
  const d = t();
  const since = awaySince.value;
  const stopped = connection.value === 'stopped';
  const [stage, setStage] = useState(0);
  useEffect(() => {
    setStage(0);
    if (since === undefined) {
      return;
    }
    const left = (ms: number) => Math.max(0, since + ms - Date.now());
    const one = setTimeout(() => {
      setStage(1);
      announce(t().connectionLost, true);
    }, left(quietFor));
    const two = setTimeout(() => setStage(2), left(buttonAfter));
    return () => {
      clearTimeout(one);
      clearTimeout(two);
    };
  }, [since]);

  if (stopped) {
    return (
      <div class={css.banner}>
        <span>{d.connectionStopped}</span>
        <button type="button" class={css.act} onClick={() => location.reload()}>
          {d.reload}
        </button>
      </div>
    );
  }
  if (since === undefined || !stage) {
    return null;
  }
  return (
    <div class={css.banner}>
      <span>{navigator.onLine ? d.reconnecting : d.offlineNow}</span>
      {stage === 2 && (
        <button type="button" class={css.act} onClick={reconnectNow}>
          {d.retryNow}
        </button>
      )}
    </div>
  );
}
