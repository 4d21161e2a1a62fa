// Written from the routes of the server by TestTypeScriptCallsAreFresh. Do not edit: change the routes and run
// go test ./tests -run TypeScript -update
import { api } from '../api';
import type { FavoriteChanged } from '../types';

export const addFavorite = (room: number) => api<FavoriteChanged>('PUT', `/rooms/${room}/favorite`);

export const removeFavorite = (room: number) => api<FavoriteChanged>('DELETE', `/rooms/${room}/favorite`);
