// Reads and closes reports.
import { attempt } from '../../net/attempt';
import * as calls from '../../net/calls/reports';
import type { Result } from '../../net/result';
import type { Report, Reports, ReportView } from '../../net/types';

export type { Report, ReportView } from '../../net/types';

/** A page of reports, the newest first: those before an id, or the newest. */
export function listReports(before?: number): Promise<Result<Reports>> {
  return attempt(() => calls.listReports(before ? { before } : {}));
}

/** A report with the message and its neighbours. */
export function showReport(report: Report): Promise<Result<ReportView>> {
  return attempt(() => calls.showReport(report.id));
}

/** Closes the reports about a message, and deletes the message if asked. */
export function closeReport(report: Report, andDelete: boolean): Promise<Result<void>> {
  return attempt(() => calls.closeReport(report.id, { delete: andDelete }));
}
