// Written from the routes of the server by TestTypeScriptCallsAreFresh. Do not edit: change the routes and run
// go test ./tests -run TypeScript -update
import { api } from '../api';
import type { Audit } from '../types';
import { search } from './query';

export const listAudit = (query: { before?: number; limit?: number } = {}) =>
  api<Audit>('GET', `/audit${search(query)}`);
