// A number at the end of a row: how much is unread. Screen readers get it from the text beside it.
import { formatNumber } from '../i18n';
import css from './CountBadge.module.css';

export function CountBadge({ of: count }: { of: number }) {
  return count > 0 ? (
    <span class={css.count} aria-hidden="true">
      {count > 99 ? `${formatNumber(99)}+` : formatNumber(count)}
    </span>
  ) : null;
}
