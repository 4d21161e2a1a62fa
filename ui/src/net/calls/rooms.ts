// Written from the routes of the server by TestTypeScriptCallsAreFresh. Do not edit: change the routes and run
// go test ./tests -run TypeScript -update
import { api } from '../api';
import type {
  Asked,
  DirectRoom,
  MemberRoleChange,
  Members,
  MembersAdded,
  NewDirect,
  NewMembers,
  NewRoom,
  PublicRooms,
  Room,
  RoomChange,
  RoomHidden,
  RoomState,
  Rooms,
  RoomView,
} from '../types';
import { search } from './query';

export const listRooms = () => api<Rooms>('GET', '/rooms');

export const listPublicRooms = (query: { query?: string } = {}) =>
  api<PublicRooms>('GET', `/rooms/public${search(query)}`);

export const createRoom = (body: NewRoom) => api<RoomState>('POST', '/rooms', body);

export const createDirect = (body: NewDirect) => api<DirectRoom>('POST', '/directs', body);

export const showRoom = (room: number) => api<RoomView>('GET', `/rooms/${room}`);

export const changeRoom = (room: number, body: RoomChange) => api<Room>('PATCH', `/rooms/${room}`, body);

export const deleteRoom = (room: number) => api<void>('DELETE', `/rooms/${room}`);

export const joinRoom = (room: number) => api<RoomState>('POST', `/rooms/${room}/join`);

export const leaveRoom = (room: number) => api<void>('POST', `/rooms/${room}/leave`);

export const hideRoom = (room: number) => api<RoomHidden>('POST', `/rooms/${room}/hide`);

export const listMembers = (room: number, query: { after?: number } = {}) =>
  api<Members>('GET', `/rooms/${room}/members${search(query)}`);

export const listAsked = (room: number, query: { after?: number } = {}) =>
  api<Asked>('GET', `/rooms/${room}/asked${search(query)}`);

export const addMembers = (room: number, body: NewMembers) =>
  api<MembersAdded>('POST', `/rooms/${room}/members`, body);

export const changeMember = (room: number, user: number, body: MemberRoleChange) =>
  api<void>('PATCH', `/rooms/${room}/members/${user}`, body);

export const removeMember = (room: number, user: number) =>
  api<void>('DELETE', `/rooms/${room}/members/${user}`);
