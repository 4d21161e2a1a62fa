// A labeled input with its hint and its error, tied together for screen readers.
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { cls } from './cls';
import css from './Field.module.css';

interface Props {
  type?: 'text' | 'password' | 'search';
  name?: string;
  autocomplete?: string;
  autocapitalize?: 'words';
  /** A name or a code in which each letter counts: a keyboard on the screen changes none. */
  exact?: boolean;
  /** What Enter says on a keyboard on the screen. The last field of a form sends it: 'go' to another page, or 'done'. */
  enterkeyhint?: 'next' | 'go' | 'done';
  autofocus?: boolean;
  required?: boolean;
  maxLength?: number;
  placeholder?: string;
  label: string;
  value: string;
  onValue: (value: string) => void;
  hint?: ComponentChildren;
  error?: string;
  /** The label is read out but not shown. Such a field has no errors. */
  bare?: boolean;
  /** Of the longest error on a narrow screen. */
  lines?: 1 | 2;
}

/** Of a field in which each letter counts. Preact sets the property `autocorrect`, which is no text as the attribute is. */
export const asTyped = {
  autocapitalize: 'none',
  autocorrect: false as unknown as 'off',
  spellcheck: false,
} as const;

export function Field({
  label,
  value,
  onValue,
  hint,
  error,
  bare,
  lines,
  autofocus,
  type,
  exact,
  ...rest
}: Props) {
  const search = type === 'search';
  const input = useRef<HTMLInputElement>(null);
  // The autofocus attribute works once per page load; this works for every view. In a dialog, Dialog does it.
  useLayoutEffect(() => {
    if (autofocus) {
      input.current?.focus();
    }
  }, [autofocus]);
  const id = useId();
  const note = error ? `${id}-error` : hint && `${id}-hint`;
  return (
    <div class={css.field}>
      <label class={bare ? 'hidden' : css.label} for={id}>
        {label}
      </label>
      <input
        enterkeyhint={search ? 'search' : 'done'}
        inputmode={search ? 'search' : undefined}
        {...(search || exact ? asTyped : {})}
        {...rest}
        // Preact's types want a single literal. The three types have the same attributes.
        type={type as 'text'}
        dir="auto"
        ref={input}
        data-autofocus={autofocus || undefined}
        id={id}
        class={css.input}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
        aria-invalid={error ? true : undefined}
        aria-describedby={note || undefined}
      />
      {!bare && (
        <div class={cls(css.notes, lines === 2 && css.two)}>
          {error && (
            <p class={css.error} id={`${id}-error`}>
              {error}
            </p>
          )}
          {hint && (
            <p class={css.hint} id={`${id}-hint`}>
              {hint}
            </p>
          )}
        </div>
      )}
    </div>
  );
}
