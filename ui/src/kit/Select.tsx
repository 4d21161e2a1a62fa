// A labeled native select.
import { useId } from 'preact/hooks';
import css from './Select.module.css';

interface Props<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [value: T, label: string])[];
  onValue: (value: T) => void;
  /** The label is read out but not shown. */
  bare?: boolean;
  disabled?: boolean;
  error?: string | undefined;
}

export function Select<T extends string>({
  label,
  value,
  options,
  onValue,
  bare,
  disabled,
  error,
}: Props<T>) {
  const id = useId();
  return (
    <div class={css.field}>
      <label class={bare ? 'hidden' : css.label} for={id}>
        {label}
      </label>
      <select
        id={id}
        class={css.select}
        value={value}
        disabled={disabled}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-error` : undefined}
        onChange={(event) => {
          const chosen = event.currentTarget.value as T;
          // Whoever hears of it may ask first, or be refused. Until then the old value stands.
          event.currentTarget.value = value;
          onValue(chosen);
        }}
      >
        {options.map(([option, name]) => (
          <option key={option} value={option} selected={option === value}>
            {name}
          </option>
        ))}
      </select>
      {error && (
        <p class={css.error} id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
