// Checkboxes: pick any number of a few options, each explained by a line.
import { useId } from 'preact/hooks';
import css from './Checks.module.css';
import type { Option } from './Choice';
import choice from './Choice.module.css';
import { cls } from './cls';

interface Props<T extends string> {
  label: string;
  value: readonly T[];
  options: readonly Option<T>[];
  onValue: (value: readonly T[]) => void;
  error?: string | undefined;
}

export function Checks<T extends string>({ label, value, options, onValue, error }: Props<T>) {
  const id = useId();
  return (
    <fieldset class={choice.choice} aria-describedby={error ? id : undefined}>
      <legend class={choice.legend}>{label}</legend>
      <div class={cls(choice.options, css.options, error && css.wrong)}>
        {options.map((option) => (
          <label key={option.value} class={choice.option}>
            <input
              type="checkbox"
              class={choice.radio}
              value={option.value}
              checked={value.includes(option.value)}
              aria-invalid={error ? true : undefined}
              onChange={(event) =>
                onValue(
                  event.currentTarget.checked
                    ? [...value, option.value]
                    : value.filter((one) => one !== option.value),
                )
              }
            />
            <span class={choice.words}>
              <span class={choice.label}>{option.label}</span>
              {option.hint && <span class={choice.hint}>{option.hint}</span>}
            </span>
          </label>
        ))}
      </div>
      <p class={css.error} id={id}>
        {error}
      </p>
    </fieldset>
  );
}
