// What to say under a field of an account form, before asking the server and after it refused.
import type { FieldErrors } from '../../kit/useForm';

import type { Failure } from '../../net/result';
import { failureText } from '../words/failures';
import { t } from './texts';

/** Passwords have 8 to 1,024 bytes; bytes and characters differ outside ASCII, the server counts bytes. */
export function passwordError(password: string): string | undefined {
  const bytes = new TextEncoder().encode(password).length;
  if (bytes < 8) {
    return t().accountPasswordShort;
  }
  return bytes > 1024 ? t().accountPasswordLong : undefined;
}

/** Puts a refusal under its field; '' holds what belongs to none. */
export function refusal(failure: Failure): FieldErrors {
  if (failure.code === 'name_taken') {
    return { name: t().failNameTaken };
  }
  if (failure.code === 'invalid' && failure.field) {
    const known: FieldErrors = { name: t().accountNameWrong, password: t().accountPasswordShort };
    return { [failure.field]: known[failure.field] ?? failureText(failure) };
  }
  return { '': failureText(failure) };
}
