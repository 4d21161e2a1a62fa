// The day that begins with the message below.
import { signal } from '@preact/signals';
import { formatDay } from '../../i18n';
import css from './DaySeparator.module.css';
import { sameDay } from './rows';
import { t } from './texts';

const now = signal(Date.now());
// A tab may stay open over midnight. "Today" must change then.
setInterval(() => {
  if (!sameDay(now.peek(), Date.now())) {
    now.value = Date.now();
  }
}, 30_000);

export function DaySeparator({ at }: { at: number }) {
  const d = t();
  const before = new Date(now.value);
  before.setDate(before.getDate() - 1);
  const date = new Date(at);
  const day = sameDay(at, now.value) ? d.today : sameDay(at, +before) ? d.yesterday : formatDay(at);
  return (
    <div class={css.day}>
      <time dateTime={new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)}>
        {day}
      </time>
    </div>
  );
}
