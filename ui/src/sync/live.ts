// Collects the socket's events and applies them to the stores, once per frame of the screen.
import { batch } from '@preact/signals';
import type { ServerEvent } from '../net/socket';
import type { Welcome } from '../net/types';
import { during, perSession, type Timer } from '../perSession';
import { onlineCount } from '../store/presence';
import { roomsLoaded } from '../store/rooms';
import { awaySince, clockSkew, connection, limits, me, server } from '../store/session';
import { applied, apply, type Want } from './apply';
import { change, places } from './model';
import { on, onState } from './socket';

/** Events that wait for the next frame. A hidden page has no frames, so a timer applies them too. */
const waiting = perSession(() => ({ events: [] as ServerEvent[], frame: 0, timer: 0 as Timer }));

for (const event of applied) {
  on(event, (data) =>
    event === 'welcome' ? welcomed(data as Welcome) : queue({ event, data } as ServerEvent),
  );
}

on('server.changed', (data) => {
  server.value = data.server;
});

function queue(event: ServerEvent): void {
  const { events } = waiting.now;
  events.push(event);
  if (events.length === 1) {
    const act = during(applyQueue);
    waiting.now.frame = requestAnimationFrame(act);
    waiting.now.timer = setTimeout(act, 150);
  }
}

function applyQueue(): void {
  const { events, frame, timer } = waiting.now;
  cancelAnimationFrame(frame);
  clearTimeout(timer);
  waiting.now.events = [];
  if (!events.length) {
    return;
  }
  change((model) => {
    const wants: Want[] = [];
    let now = model;
    for (const event of events) {
      const out = apply(now, event, places());
      now = out.model;
      wants.push(...out.wants);
    }
    return { model: now, wants };
  });
}

function welcomed(data: Welcome): void {
  applyQueue();
  batch(() => {
    server.value = data.server;
    me.value = data.user;
    limits.value = data.limits;
    onlineCount.value = data.online;
    clockSkew.value = data.time - Date.now();
  });
  waiting.now.events.push({ event: 'welcome', data });
  applyQueue();
  roomsLoaded.value = true;
}

onState((state) => {
  batch(() => {
    connection.value = state;
    if (state === 'online') {
      awaySince.value = undefined;
    } else if (state === 'reconnecting') {
      awaySince.value ??= Date.now();
    }
  });
});
