// Keeps the state of a form: the values, the errors, and whether it is being sent.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from './texts';

/** The error under each field, by name. The key '' holds an error that belongs to no field. */
export type FieldErrors = Partial<Record<string, string>>;

interface Options<Values> {
  /** Fields that must not be empty. */
  need?: readonly (keyof Values & string)[];
  /** Finds what else is wrong, before the form is sent. */
  check?: (values: Values) => FieldErrors;
  /** Sends the values. Returns the errors of a refusal, or undefined when it worked. */
  send: (values: Values) => Promise<FieldErrors | undefined>;
}

export function useForm<Values extends object>(first: Values, { need = [], check, send }: Options<Values>) {
  const [values, setValues] = useState(first);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLFormElement>(null);
  // The first wrong field gets the focus, even if it was wrong before: a screen reader then says what is wrong.
  useLayoutEffect(() => box.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus(), [errors]);
  const set = (more: Partial<Values>) => setValues((now) => ({ ...now, ...more }));

  const submit = async (event: Event) => {
    event.preventDefault();
    box.current = event.currentTarget as HTMLFormElement;
    const wrong = { ...check?.(values), ...missing(values, need) };
    setErrors(wrong);
    if (Object.values(wrong).some(Boolean)) {
      return;
    }
    setBusy(true);
    const refused = await send(values);
    setBusy(false);
    if (refused) {
      setErrors(refused);
    }
  };

  /** The props that a Field needs to show and change a value. */
  const field = <Name extends keyof Values & string>(name: Name) => ({
    value: values[name],
    onValue: (value: Values[Name]) => set({ [name]: value } as unknown as Partial<Values>),
    error: errors[name],
  });

  return { values, set, errors, busy, submit, field };
}

/** An error for each field that is empty and must not be. */
export function missing<Values extends object>(
  values: Values,
  need: readonly (keyof Values & string)[],
): FieldErrors {
  const empty = need.filter((name) => !String(values[name]).trim());
  return Object.fromEntries(empty.map((name) => [name, t().fillIn]));
}
