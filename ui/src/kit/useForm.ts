// A form: what is typed, what is wrong with it, and sending it. Fields take what field() gives them.
import { useState } from 'preact/hooks';
import { t } from './texts';

/** What to say under each field; '' holds what belongs to none. */
export type FieldErrors = Partial<Record<string, string>>;

interface Options<Values> {
  /** Fields that must not be empty. */
  need?: readonly (keyof Values & string)[];
  /** What else is plainly wrong before anybody is asked. */
  check?: (values: Values) => FieldErrors;
  /** Sends it. Answers what was refused; nothing when it is done. */
  send: (values: Values) => Promise<FieldErrors | undefined>;
}

export function useForm<Values extends object>(first: Values, { need = [], check, send }: Options<Values>) {
  const [values, setValues] = useState(first);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [busy, setBusy] = useState(false);
  const set = (more: Partial<Values>) => setValues((now) => ({ ...now, ...more }));

  const submit = async (event: Event) => {
    event.preventDefault();
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

  /** What a Field needs to show a value of the form. */
  const field = <Name extends keyof Values & string>(name: Name) => ({
    value: values[name],
    onValue: (value: Values[Name]) => set({ [name]: value } as unknown as Partial<Values>),
    error: errors[name],
  });

  return { values, set, errors, busy, submit, field };
}

/** The fields that are empty and must not be. */
export function missing<Values extends object>(
  values: Values,
  need: readonly (keyof Values & string)[],
): FieldErrors {
  const empty = need.filter((name) => !String(values[name]).trim());
  return Object.fromEntries(empty.map((name) => [name, t().fillIn]));
}
