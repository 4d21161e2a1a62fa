// The HTTP routes of rooms and members: one function per route, named like the server's handler.
import { api } from '../api';
import type {
  MemberRole,
  Members,
  NewRoom,
  PublicRooms,
  Room,
  RoomChange,
  RoomID,
  RoomState,
  RoomView,
  UserID,
} from '../types';

export const listPublicRooms = (query: string) =>
  api<PublicRooms>('GET', `/rooms/public?query=${encodeURIComponent(query)}`);

export const createRoom = (form: NewRoom) => api<RoomState>('POST', '/rooms', form);

export const createDirect = (people: readonly UserID[]) =>
  api<RoomState>('POST', '/directs', { user_ids: people });

export const showRoom = (room: RoomID) => api<RoomView>('GET', `/rooms/${room}`);

export const changeRoom = (room: RoomID, change: RoomChange) => api<Room>('PATCH', `/rooms/${room}`, change);

export const joinRoom = (room: RoomID) => api<RoomState>('POST', `/rooms/${room}/join`);

export const leaveRoom = (room: RoomID) => api<void>('POST', `/rooms/${room}/leave`);

export const listMembers = (room: RoomID) => api<Members>('GET', `/rooms/${room}/members`);

export const addMembers = (room: RoomID, people: readonly UserID[]) =>
  api<void>('POST', `/rooms/${room}/members`, { user_ids: people });

export const changeMember = (room: RoomID, person: UserID, role: MemberRole) =>
  api<void>('PATCH', `/rooms/${room}/members/${person}`, { role });

export const removeMember = (room: RoomID, person: UserID) =>
  api<void>('DELETE', `/rooms/${room}/members/${person}`);
