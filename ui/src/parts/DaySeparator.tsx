// The day that begins with the message below.
import { formatDay, t } from '../i18n';
import css from './DaySeparator.module.css';
import { sameDay } from './rows';

export function DaySeparator({ at }: { at: number }) {
  const now = Date.now();
  const d = t();
  const day = sameDay(at, now) ? d.today : sameDay(at, now - 86_400_000) ? d.yesterday : formatDay(at);
  return (
    <div class={css.day}>
      <time dateTime={new Date(at).toISOString().slice(0, 10)}>{day}</time>
    </div>
  );
}
