// Radio buttons: pick one of a few options, each explained by a line.
import { useId } from 'preact/hooks';
import css from './Choice.module.css';
import { cls } from './cls';

export interface Option<T extends string> {
  value: T;
  label: string;
  hint?: string;
}

interface Props<T extends string> {
  label: string;
  value: T;
  options: readonly Option<T>[];
  onValue: (value: T) => void;
  /** Side by side, for short options without hints. */
  inline?: boolean;
}

export function Choice<T extends string>({ label, value, options, onValue, inline }: Props<T>) {
  const name = useId();
  return (
    <fieldset class={css.choice}>
      <legend class={css.legend}>{label}</legend>
      <div class={cls(css.options, inline && css.inline)}>
        {options.map((option) => (
          <label key={option.value} class={css.option}>
            <input
              type="radio"
              class={css.radio}
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onValue(option.value)}
            />
            <span class={css.words}>
              <span class={css.label}>{option.label}</span>
              {option.hint && <span class={css.hint}>{option.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
