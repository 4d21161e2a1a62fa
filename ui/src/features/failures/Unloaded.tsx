// Where something should be that did not come: why, and a button that asks again. It also asks when the server is back.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import form from '../../kit/form.module.css';
import { t } from '../../kit/texts';
import { connection } from '../../store/session';

interface Props {
  why: string;
  again: () => unknown;
}

export function Unloaded({ why, again }: Props) {
  const [busy, setBusy] = useState(false);
  const online = connection.value === 'online';
  const before = useRef(online);
  const ask = async () => {
    setBusy(true);
    await again();
    setBusy(false);
  };
  useEffect(() => {
    if (online && !before.current) {
      void ask();
    }
    before.current = online;
  }, [online]);
  return (
    <p class={form.problem} role="alert">
      {why}{' '}
      <Button busy={busy} onClick={ask}>
        {t().retry}
      </Button>
    </p>
  );
}
