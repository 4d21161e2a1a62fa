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
}

export function Select<T extends string>({ label, value, options, onValue, bare, disabled }: Props<T>) {
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
        onChange={(event) => onValue(event.currentTarget.value as T)}
      >
        {options.map(([option, name]) => (
          <option key={option} value={option} selected={option === value}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
