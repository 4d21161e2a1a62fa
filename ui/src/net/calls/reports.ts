// Written from the routes of the server by TestTypeScriptCallsAreFresh. Do not edit: change the routes and run
// go test ./tests -run TypeScript -update
import { api } from '../api';
import type { NewReport, ReportClosing, Reports, ReportView } from '../types';
import { search } from './query';

export const listReports = (query: { before?: number; state?: string; limit?: number } = {}) =>
  api<Reports>('GET', `/reports${search(query)}`);

export const showReport = (report: number) => api<ReportView>('GET', `/reports/${report}`);

export const closeReport = (report: number, body: ReportClosing) =>
  api<void>('POST', `/reports/${report}/close`, body);

export const reportMessage = (room: number, seq: number, body: NewReport) =>
  api<void>('POST', `/rooms/${room}/messages/${seq}/report`, body);
