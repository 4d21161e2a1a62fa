// Shows a new invite link to copy and to scan. The link is never shown again.

import { QrCode } from '../../kit/QrCode';
import css from './InviteLink.module.css';
import { LinkField } from './LinkField';
import { t } from './texts';

export function InviteLink({ url }: { url: string }) {
  const d = t();
  return (
    <div class={css.link}>
      <LinkField label={d.inviteLink} url={url} />
      <QrCode text={url} label={d.inviteQr} />
    </div>
  );
}
