// Written from the routes of the server by TestTypeScriptCallsAreFresh. Do not edit: change the routes and run
// go test ./tests -run TypeScript -update
import { api } from '../api';
import type { RoomInvitations, RoomState } from '../types';

export const listRoomInvitations = () => api<RoomInvitations>('GET', '/me/room-invitations');

export const acceptRoomInvitation = (room: number) =>
  api<RoomState>('POST', `/me/room-invitations/${room}/accept`);

export const declineRoomInvitation = (room: number) =>
  api<void>('POST', `/me/room-invitations/${room}/decline`);
