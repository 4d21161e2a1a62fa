// The catalogs: which language is shown, and its text. Components call t() while rendering.
import { signal } from '@preact/signals';
import type { Failure } from '../net/result';
import { en } from './en';
import type { enLater } from './en-later';
import { type Locale, locale } from './format';

export * from './format';

export type Dict = typeof en;
export type Later = typeof enLater;

const dict = signal<Dict>(en);

/** What later.ts adds; undefined in English, which it has. */
export const later = signal<Later | undefined>(undefined);

/** The catalog of the page's language. Reads a signal: components render again when the language changes. */
export const t = (): Dict => dict.value;

/** The language for a choice: the first of the browser's languages that there is a catalog for. */
export function pickLocale(choice: string, browser: readonly string[]): Locale {
  const wanted = choice === 'system' ? browser : [choice];
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag)) {
      return 'zh-Hans';
    }
    if (/^en\b/i.test(tag)) {
      return 'en';
    }
  }
  return 'en';
}

/** Shows the page in a language, once its catalog is loaded. */
export async function setLocale(to: Locale): Promise<void> {
  const chinese = to === 'zh-Hans' ? await import('./zh-Hans') : undefined;
  locale.value = to;
  later.value = chinese?.zhHansLater;
  dict.value = chinese?.zhHans ?? en;
  document.documentElement.lang = to;
}

/** What to tell a person about a failure. */
export function failureText({ code, limit = 0, retryAfter = 0 }: Failure): string {
  const d = t();
  switch (code) {
    case 'bad_request':
    case 'frame_too_big':
      return d.failBadRequest;
    case 'invalid':
      return d.failInvalid;
    case 'signed_out':
      return d.failSignedOut;
    case 'wrong_credentials':
      return d.failWrongCredentials;
    case 'forbidden':
      return d.failForbidden;
    case 'not_found':
      return d.failNotFound;
    case 'name_taken':
      return d.failNameTaken;
    case 'already_set_up':
      return d.failAlreadySetUp;
    case 'client_id_reused':
      return d.failClientIDReused;
    case 'last_owner':
      return d.failLastOwner;
    case 'deleted':
      return d.failDeleted;
    case 'message_too_long':
      return d.failMessageTooLong(limit);
    case 'too_many_reactions':
      return d.failTooManyReactions(limit);
    case 'too_many_people':
      return d.failTooManyPeople(limit);
    case 'too_many_rooms':
      return d.failTooManyRooms(limit);
    case 'too_many_attempts':
      return d.failTooManyAttempts(Math.max(1, Math.ceil(retryAfter / 1000)));
    case 'rate_limited':
      return d.failRateLimited;
    case 'offline':
      return d.failOffline;
    default:
      return d.failServer;
  }
}
