// A text that is there to be copied.
import { Check, Copy } from 'lucide';
import { useRef, useState } from 'preact/hooks';
import { Button } from './Button';
import css from './CopyField.module.css';
import { cls } from './cls';
import { copyText } from './copy';
import { t } from './texts';
import { toast } from './toasts';

export function CopyField({ label, value }: { label: string; value: string }) {
  const d = t();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);

  const copy = async () => {
    const done = await copyText(value);
    setCopied(done);
    if (!done) {
      field.current?.select();
      toast(d.copyFailed, { kind: 'error' });
    }
  };

  return (
    <div class={css.row}>
      <input
        ref={field}
        class={css.value}
        value={value}
        readOnly
        aria-label={label}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button kind="primary" icon={copied ? Check : Copy} onClick={copy}>
        <span class={css.words}>
          {[d.copy, d.copied].map((word) => (
            <span key={word} class={cls(copied !== (word === d.copied) && css.other)}>
              {word}
            </span>
          ))}
        </span>
      </Button>
    </div>
  );
}
