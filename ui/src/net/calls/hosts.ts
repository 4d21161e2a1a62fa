// Written from the routes of the server by TestTypeScriptCallsAreFresh. Do not edit: change the routes and run
// go test ./tests -run TypeScript -update
import { api } from '../api';
import type { Host, Hosts, NewHost } from '../types';

export const listHosts = () => api<Hosts>('GET', '/hosts');

export const addHost = (body: NewHost) => api<Host>('POST', '/hosts', body);

export const removeHost = (host: string) => api<void>('DELETE', `/hosts/${encodeURIComponent(host)}`);
