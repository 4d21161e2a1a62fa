// An invite link as it is shown once: to copy, and to scan.
import { t } from '../i18n/later';
import { CopyField } from './CopyField';
import css from './InviteLink.module.css';
import { QrCode } from './QrCode';

export function InviteLink({ url }: { url: string }) {
  const d = t();
  return (
    <div class={css.link}>
      <CopyField label={d.inviteLink} value={url} />
      <QrCode text={url} label={d.inviteQr} />
    </div>
  );
}
