// Keeps what the reader is asked: the welcome lists it, and events follow.
import type { RoomID, RoomInvitation } from '../net/types';
import { adding, roomInvitations } from '../store/invitations';
import { on } from './socket';

on('welcome', (welcome) => {
  adding.value = welcome.adding;
  roomInvitations.value = [];
  welcome.room_invitations?.forEach(put);
});
on('adding.changed', (data) => {
  adding.value = data.adding;
});
on('room_invitation.added', (data) => put(data.room_invitation));
on('room_invitation.removed', (data) => dropInvitation(data.room_id));

const without = (room: RoomID) => roomInvitations.peek().filter((one) => one.room_id !== room);

function put(asked: RoomInvitation): void {
  roomInvitations.value = [...without(asked.room_id), asked].sort((a, b) => a.created_at - b.created_at);
}

/** Removes what was answered, before its event comes. */
export function dropInvitation(room: RoomID): void {
  roomInvitations.value = without(room);
}
