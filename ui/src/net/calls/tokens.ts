// Written from the routes of the server by TestTypeScriptCallsAreFresh. Do not edit: change the routes and run
// go test ./tests -run TypeScript -update
import { api } from '../api';
import type { NewToken, Token, Tokens } from '../types';
import { search } from './query';

export const listTokens = (query: { before?: number } = {}) => api<Tokens>('GET', `/tokens${search(query)}`);

export const createToken = (body: NewToken) => api<Token>('POST', '/tokens', body);

export const endToken = (token: number) => api<void>('DELETE', `/tokens/${token}`);
