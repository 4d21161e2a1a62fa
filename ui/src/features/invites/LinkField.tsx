// A link for somebody else, to copy. Says first when it leads nowhere from another computer.
import { CopyField } from '../../kit/CopyField';
import form from '../../kit/form.module.css';
import { leadsHere } from '../../kit/thisComputer';
import css from './LinkField.module.css';
import { t } from './texts';

/** A flag of the command line, which must not be broken after its dashes. */
const flags = /(--\w+)/;

export function LinkField({ label, url }: { label: string; url: string }) {
  const leadsNowhere = t().linkLeadsHere(new URL(url).port || '80');
  return (
    <div class={form.form}>
      {leadsHere(url) && (
        <p class={form.notice} role="status">
          {leadsNowhere
            .split(flags)
            .map((part, at) => (at % 2 ? <span class={css.flag}>{part}</span> : part))}
        </p>
      )}
      <CopyField label={label} value={url} />
    </div>
  );
}
