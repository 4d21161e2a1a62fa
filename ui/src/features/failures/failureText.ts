// Texts for failures.
import type { Failure } from '../../net/result';
import { t } from './texts';

/** The text that tells a person about a failure. */
export function failureText({ code, field, limit = 0, retryAfter = 0 }: Failure): string {
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
      return field === 'origin' ? d.failOrigin(location.origin) : d.failForbidden;
    case 'wrong_host':
      return d.failHost(location.hostname);
    case 'not_found':
      return d.failNotFound;
    case 'name_taken':
      return d.failNameTaken;
    case 'already_set_up':
      return d.failAlreadySetUp;
    case 'client_id_reused':
      return d.failClientIDReused;
    case 'archived':
      return d.failArchived;
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
    case 'too_many_invitations':
      return d.failTooManyInvitations(limit);
    case 'too_many_reports':
      return d.failTooManyReports;
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
