// Written from the routes of the server by TestTypeScriptCallsAreFresh. Do not edit: change the routes and run
// go test ./tests -run TypeScript -update
import { api } from '../api';
import type { BlockChanged, Blocks } from '../types';

export const listBlocks = () => api<Blocks>('GET', '/me/blocks');

export const block = (user: number) => api<BlockChanged>('PUT', `/me/blocks/${user}`);

export const unblock = (user: number) => api<BlockChanged>('DELETE', `/me/blocks/${user}`);
