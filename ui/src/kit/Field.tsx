// A labeled input with its hint and its error, tied together for screen readers.
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import css from './Field.module.css';

interface Props {
  type?: 'text' | 'password' | 'search';
  name?: string;
  autocomplete?: string;
  autocapitalize?: 'none' | 'words' | 'sentences';
  spellcheck?: boolean;
  autofocus?: boolean;
  required?: boolean;
  maxLength?: number;
  placeholder?: string;
  label: string;
  value: string;
  onValue: (value: string) => void;
  hint?: ComponentChildren;
  error?: string;
  /** The label is read out but not shown. */
  bare?: boolean;
}

export function Field({ label, value, onValue, hint, error, bare, autofocus, type, ...rest }: Props) {
  const input = useRef<HTMLInputElement>(null);
  // The autofocus attribute works once per page load; this works for every view. In a dialog, Dialog does it.
  useLayoutEffect(() => {
    if (autofocus) {
      input.current?.focus();
    }
  }, [autofocus]);
  // The first wrong field gets the focus, so that a screen reader says what is wrong with it.
  useLayoutEffect(() => {
    if (error && input.current?.form?.querySelector('[aria-invalid]') === input.current) {
      input.current?.focus();
    }
  }, [error]);
  const id = useId();
  const notes = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return (
    <div class={css.field}>
      <label class={bare ? 'hidden' : css.label} for={id}>
        {label}
      </label>
      <input
        {...rest}
        // Preact's types want a single literal. The three types have the same attributes.
        type={type as 'text'}
        ref={input}
        data-autofocus={autofocus || undefined}
        id={id}
        class={css.input}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
        aria-invalid={error ? true : undefined}
        aria-describedby={notes || undefined}
      />
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
  );
}
