// An invite link as it is shown once: to copy, and to scan.
import { t } from '../../i18n/later';
import { CopyField } from '../../kit/CopyField';
import { QrCode } from '../../kit/QrCode';
import css from './InviteLink.module.css';

export function InviteLink({ url }: { url: string }) {
  const d = t();
  return (
    <div class={css.link}>
      <CopyField label={d.inviteLink} value={url} />
      <QrCode text={url} label={d.inviteQr} />
    </div>
  );
}
