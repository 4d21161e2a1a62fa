// An invite link as it is shown once: to copy, and to scan.
import { Check, Copy } from 'lucide';
import { useRef, useState } from 'preact/hooks';
import { toast } from '../actions';
import { copyText } from '../copy';
import { t } from '../i18n/later';
import { Button } from './Button';
import css from './InviteLink.module.css';
import { QrCode } from './QrCode';

export function InviteLink({ url }: { url: string }) {
  const d = t();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);

  const copy = async () => {
    const done = await copyText(url);
    setCopied(done);
    if (!done) {
      field.current?.select();
      toast(d.copyFailed, { kind: 'error' });
    }
  };

  return (
    <div class={css.link}>
      <div class={css.row}>
        <input
          ref={field}
          class={css.url}
          value={url}
          readOnly
          aria-label={d.inviteLink}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button kind="primary" icon={copied ? Check : Copy} onClick={copy}>
          {copied ? d.copied : d.copy}
        </Button>
      </div>
      <QrCode text={url} label={d.inviteQr} />
    </div>
  );
}
