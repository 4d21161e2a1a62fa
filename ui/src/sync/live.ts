// The living session: the socket's events go through apply into the stores, once for each frame of the screen;
// what was missed is asked for.
import { batch, effect } from '@preact/signals';
import { ApiError } from '../net/api';
import { showMe } from '../net/calls/people';
import { showRoom } from '../net/calls/rooms';
import { type ServerEvent, Socket } from '../net/socket';
import type { Notification, RoomID, RoomState, RoomView, User, Welcome } from '../net/types';
import { inbox } from '../store/inbox';
import { openRoom } from '../store/messages';
import { onlineCount } from '../store/presence';
import { missing, previews, rooms, roomsLoaded } from '../store/rooms';
import { awaySince, clockSkew, connection, limits, me, server, session } from '../store/session';
import { apply, put, type Want, withoutRoom, withRoom } from './apply';
import { forgetCopies, keepKnown } from './cache';
import { catchUp, loadMembers, loadPeople, reloadPage } from './catchup';
import { resumeOpenRoom } from './history';
import { inboxAdded, inboxRead, inboxWelcomed } from './inbox';
import { change, during, onWants, places } from './model';
import { flush, settled } from './outbox';
import { presenceChanged, presenceOnline } from './presence';
import { ownReadMoved, resendReads } from './read';
import { typingEnded, typingStarted } from './typing';

export { loadMembers } from './catchup';

export const socket = new Socket({ event: take, state: stateIs, ask });

let leaving = false;

/** Signing out has begun here: when the server ends the socket for it there is nothing to ask. */
export function signsOut(): void {
  leaving = true;
}

let ended: (why: 'ended' | 'banned') => void = () => undefined;

/** Who ends the session when the server did. */
export function onEnded(how: (why: 'ended' | 'banned') => void): void {
  ended = how;
}

let other: (user: User) => void = () => undefined;

/** Who changes to the account that the cookie is of. */
export function onOther(how: (user: User) => void): void {
  other = how;
}

let removed: (room: RoomState) => void = () => undefined;

/** Who says that one was taken out of the room one looks at. */
export function onRemoved(how: (room: RoomState) => void): void {
  removed = how;
}

let notified: (one: Notification) => void = () => undefined;

/** Who says that a program told something. */
export function onNotified(how: (one: Notification) => void): void {
  notified = how;
}

/** Rooms that are being left here: of these nobody has to be told. */
export const leavingRooms = new Set<RoomID>();

function tellRemoved(id: RoomID): void {
  const room = rooms.peek().get(id);
  if (room && openRoom.peek() === id && !leavingRooms.has(id)) {
    removed(room);
  }
}

// Events wait for the next frame of the screen; a hidden page has no frames.
let queue: ServerEvent[] = [];
let frame = 0;
let timer = 0;

function take(event: ServerEvent): void {
  switch (event.event) {
    case 'typing.started':
      typingStarted(event.data.room_id, event.data.user_id);
      return;
    case 'presence.changed':
      presenceChanged(event.data);
      return;
    case 'server.changed':
      server.value = event.data.server;
      return;
    case 'notification.added':
      inbox.value = inboxAdded(inbox.peek(), event.data);
      notified(event.data.notification);
      return;
    case 'notification.read':
      inbox.value = inboxRead(inbox.peek(), event.data);
      return;
    case 'session.ended':
      return;
    case 'welcome':
      if (event.data.user.id !== me.peek()?.id || event.data.user.created_at !== me.peek()?.created_at) {
        // Another account, or another server, behind the same address: nothing of the one before may show.
        queue = [];
        socket.stop();
        other(event.data.user);
        return;
      }
      applyQueue();
      welcomed(event.data);
      queue.push(event);
      applyQueue();
      roomsLoaded.value = true;
      return;
    case 'room.removed':
      tellRemoved(event.data.room_id);
      break;
    case 'read.moved':
      if (ownReadMoved(event.data)) {
        break;
      }
      return;
    case 'message.added':
      typingEnded(event.data.message.room_id, event.data.message.author_id);
      break;
    case 'user.changed':
      if (event.data.user.id === me.peek()?.id) {
        me.value = event.data.user;
      }
      break;
  }
  queue.push(event);
  if (queue.length === 1) {
    frame = requestAnimationFrame(applyQueue);
    timer = setTimeout(applyQueue, 150);
  }
}

function applyQueue(): void {
  cancelAnimationFrame(frame);
  clearTimeout(timer);
  const events = queue;
  queue = [];
  if (!events.length) {
    return;
  }
  change((model) => {
    const wants: Want[] = [];
    let now = model;
    for (const event of events) {
      const out = apply(now, event, places);
      now = out.model;
      wants.push(...out.wants);
    }
    return { model: now, wants };
  });
}

/** Forgets the events that wait, when the session ends. */
export function resetLive(): void {
  leaving = false;
  queue = [];
}

function welcomed(now: Welcome): void {
  batch(() => {
    server.value = now.server;
    me.value = now.user;
    limits.value = now.limits;
    onlineCount.value = now.online;
    clockSkew.value = now.time - Date.now();
    inbox.value = inboxWelcomed(inbox.peek(), now);
  });
}

function stateIs(state: 'connecting' | 'online' | 'reconnecting' | 'stopped', code: number): void {
  batch(() => {
    connection.value = state;
    if (state === 'online') {
      awaySince.value = undefined;
    } else if (state === 'reconnecting') {
      awaySince.value ??= Date.now();
    }
  });
  if (state === 'online') {
    presenceOnline();
    resendReads();
    flush();
    keepKnown();
    resumeOpenRoom();
  } else if (code === 4003) {
    ended('banned');
  }
}

async function ask(): Promise<void> {
  if (leaving) {
    return;
  }
  try {
    await showMe();
    socket.connect();
  } catch (error) {
    if (error instanceof ApiError && error.code === 'signed_out') {
      ended('ended');
    } else {
      setTimeout(() => connection.peek() === 'reconnecting' && socket.connect(), 5_000);
    }
  }
}

onWants((wants) => {
  const rooms = new Set<RoomID>();
  for (const want of wants) {
    switch (want.kind) {
      case 'changes':
        rooms.add(want.room);
        break;
      case 'page':
        reloadPage(want.room);
        break;
      case 'members':
        void loadMembers(want.room, true);
        break;
      case 'people':
        void loadPeople();
        break;
      case 'forget':
        void forgetCopies();
        break;
      case 'stored':
        settled(want.clientIDs);
        break;
    }
  }
  catchUp([...rooms]);
});

/** Tries to reach the server now. */
export function reconnectNow(): void {
  if (session.peek() === 'signed-in' && !socket.online) {
    socket.connect();
  }
}

/** Notes a room one is a member of, before its event comes. */
export function addRoom(room: RoomState): void {
  change((model) => withRoom(model, room));
}

/** Notes that one has left a room. */
export function forgetRoom(room: RoomID): void {
  change((model) => withoutRoom(model, room));
}

export function putUser(user: User): void {
  change((model) => ({ ...model, people: put(model.people, user.id, user) }));
  if (user.id === me.peek()?.id) {
    me.value = user;
  }
}

export function setPreviews(found: readonly RoomView[]): void {
  previews.value = new Map([...previews.peek(), ...found.map((room) => [room.id, room] as const)]);
}

/** Rooms that only members see, noted while one was a member: after that, asking for them is no use. */
const closed = new Set<RoomID>();

effect(() => {
  if (!rooms.value.size) {
    // Signed out: the next account may see other rooms.
    closed.clear();
  }
  for (const room of rooms.value.values()) {
    if (room.kind !== 'public') {
      closed.add(room.id);
    }
  }
  const gone = [...missing.peek()].filter((id) => !rooms.value.has(id));
  if (gone.length < missing.peek().size) {
    missing.value = new Set(gone);
  }
});

/** Loads a room that one is not a member of, into previews; into missing when there is none to see. */
export async function loadPreview(room: RoomID): Promise<void> {
  if (closed.has(room)) {
    missing.value = new Set([...missing.peek(), room]);
    return;
  }
  const found = during((view: RoomView) => {
    setPreviews([view]);
    missing.value = new Set([...missing.peek()].filter((id) => id !== room));
  });
  const none = during(() => {
    missing.value = new Set([...missing.peek(), room]);
  });
  try {
    found(await showRoom(room));
  } catch (error) {
    if (error instanceof ApiError && error.code === 'not_found') {
      none();
    }
  }
}
