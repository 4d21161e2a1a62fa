// An invite link as it is shown once: to copy, and to scan.

import { CopyField } from '../../kit/CopyField';
import { QrCode } from '../../kit/QrCode';
import css from './InviteLink.module.css';
import { t } from './texts';

export function InviteLink({ url }: { url: string }) {
  const d = t();
  return (
    <div class={css.link}>
      <CopyField label={d.inviteLink} value={url} />
      <QrCode text={url} label={d.inviteQr} />
    </div>
  );
}
