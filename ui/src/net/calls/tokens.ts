// Written from the routes of the server by TestTypeScriptCallsAreFresh. Do not edit: change the routes and run
// go test ./tests -run TypeScript -update
import { api } from '../api';
import type { NewToken, Token, Tokens } from '../types';

export const listTokens = () => api<Tokens>('GET', '/tokens');

export const createToken = (body: NewToken) => api<Token>('POST', '/tokens', body);

export const endToken = (token: number) => api<void>('DELETE', `/tokens/${token}`);
