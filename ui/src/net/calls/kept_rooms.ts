// Written from the routes of the server by TestTypeScriptCallsAreFresh. Do not edit: change the routes and run
// go test ./tests -run TypeScript -update
import { api } from '../api';
import type { KeptRoomChange, KeptRooms, MemberRoleChange, Members } from '../types';
import { search } from './query';

export const listAllRooms = (query: { after?: number } = {}) =>
  api<KeptRooms>('GET', `/server/rooms${search(query)}`);

export const changeAnyRoom = (room: number, body: KeptRoomChange) =>
  api<void>('PATCH', `/server/rooms/${room}`, body);

export const deleteAnyRoom = (room: number) => api<void>('DELETE', `/server/rooms/${room}`);

export const listAnyMembers = (room: number, query: { after?: number } = {}) =>
  api<Members>('GET', `/server/rooms/${room}/members${search(query)}`);

export const changeAnyMember = (room: number, user: number, body: MemberRoleChange) =>
  api<void>('PATCH', `/server/rooms/${room}/members/${user}`, body);

export const takeOut = (room: number, user: number) =>
  api<void>('DELETE', `/server/rooms/${room}/members/${user}`);
