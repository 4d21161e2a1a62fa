// Reads the audit log.
import { attempt } from '../../net/attempt';
import * as calls from '../../net/calls/audit';
import type { Result } from '../../net/result';
import type { Audit } from '../../net/types';

export type { AuditEntry } from '../../net/types';

/** A page of the log, the newest first: the entries before an id, or the newest. */
export function listAudit(before?: number): Promise<Result<Audit>> {
  return attempt(() => calls.listAudit(before ? { before } : {}));
}
