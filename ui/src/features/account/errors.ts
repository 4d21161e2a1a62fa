// The errors of account forms: those found before sending, and those the server answers.
import type { FieldErrors } from '../../kit/useForm';

import type { Failure } from '../../net/result';
import { failureText } from '../failures/failureText';
import { t } from './texts';

/** A password has 8 to 1,024 bytes. The server counts bytes, which differ from characters outside ASCII. */
export function passwordError(password: string): string | undefined {
  const bytes = new TextEncoder().encode(password.normalize('NFC')).length;
  if (bytes < 8) {
    return t().accountPasswordShort;
  }
  return bytes > 1024 ? t().accountPasswordLong : undefined;
}

/** Turns a refusal into an error under its field, or under '' when it belongs to no field. */
export function refusal(failure: Failure): FieldErrors {
  if (failure.code === 'name_taken') {
    return { name: failureText(failure) };
  }
  if (failure.code === 'invalid' && failure.field) {
    const known: FieldErrors = { name: t().accountNameWrong, password: t().accountPasswordShort };
    return { [failure.field]: known[failure.field] ?? failureText(failure) };
  }
  return { '': failureText(failure) };
}
