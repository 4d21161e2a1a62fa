// Shows a new invite link to copy and to scan. The link is never shown again.

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
