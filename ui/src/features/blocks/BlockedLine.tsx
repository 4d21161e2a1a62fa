// Stands in place of the composer in a direct room with somebody whom the reader has blocked.
import { useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import type { UserID } from '../../net/types';
import { nameOf } from '../../store/people';
import { unblock } from './BlockButton';
import { t } from './texts';

export function BlockedLine({ person }: { person: UserID }) {
  const d = t();
  const [busy, setBusy] = useState(false);
  const end = async () => {
    setBusy(true);
    await unblock(person);
    setBusy(false);
  };
  return (
    <>
      <span>{d.blockedLine(nameOf(person))}</span>
      <Button busy={busy} onClick={() => void end()}>
        {d.unblock}
      </Button>
    </>
  );
}
