// What an entry of the audit log says besides who did what to whom.
import { formatList, formatNumber } from '../../i18n';
import type { AuditEntry } from './actions';
import { t } from './texts';

/** Each in words: also a number tells what it is the number of. */
export function detailsOf({ act, detail, room_id: room, seq }: AuditEntry): readonly string[] {
  const d = t();
  const where = seq
    ? d.auditMessage(formatNumber(room ?? 0), formatNumber(seq))
    : d.auditRoom(formatNumber(room ?? 0));
  return [...(room ? [where] : []), ...(detail ? [inWords(act, detail)] : [])];
}

function inWords(act: string, detail: string): string {
  const d = t();
  // A token says what it may do as well: "2 [read post]".
  const [, number, words] = detail.match(/^(\d+)(?: \[(.*)\])?$/) ?? [];
  const numbered = d.auditNumbered[act.split('.')[0] ?? ''];
  if (!number || !numbered) {
    return d.auditDetails[detail] ?? detail;
  }
  const may = words?.split(' ').map((word) => d.auditScopes[word] ?? word) ?? [];
  return [numbered(formatNumber(Number(number))), formatList(may)].filter(Boolean).join(' · ');
}
