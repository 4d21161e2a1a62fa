// Shows the toasts: lines at the bottom of the screen that say what happened and close by themselves.
import { X } from 'lucide';
import { IconButton } from './Button';
import { cls } from './cls';
import css from './Toast.module.css';
import { t } from './texts';
import { closeToast, toasts } from './toasts';

export function Toasts() {
  return (
    <div class={css.stack} role="status">
      {toasts.value.map((one) => (
        <div key={one.id} class={cls(css.toast, one.kind === 'error' && css.error)}>
          <span class={css.text}>{one.text}</span>
          {one.action && (
            <button
              type="button"
              class={css.action}
              onClick={() => {
                one.action?.run();
                closeToast(one.id);
              }}
            >
              {one.action.label}
            </button>
          )}
          <IconButton icon={X} label={t().close} small onClick={() => closeToast(one.id)} />
        </div>
      ))}
    </div>
  );
}
