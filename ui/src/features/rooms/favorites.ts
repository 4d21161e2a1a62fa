// The rooms that the reader wants to see first. The server keeps them, for all devices. Fetched after the first load.
import { effect } from '@preact/signals';
import { toast } from '../../kit/toasts';
import { attempt } from '../../net/attempt';
import * as calls from '../../net/calls/favorites';
import type { Failure } from '../../net/result';
import type { RoomID } from '../../net/types';
import { during, sameSession } from '../../perSession';
import { setPref } from '../../prefs';
import { prefs } from '../../store/prefs';
import { rooms } from '../../store/rooms';
import { connection, me } from '../../store/session';
import { change } from '../../sync/model';
import { withFacts } from '../../sync/ownRooms';
import { failureText } from '../failures/failureText';

/** Makes a room one of the reader's favorites, or no more. */
export async function setFavorite(room: RoomID, favorite: boolean): Promise<void> {
  const failure = await send(room, favorite);
  if (failure) {
    toast(failureText(failure), { kind: 'error' });
  }
}

async function send(room: RoomID, favorite: boolean): Promise<Failure | undefined> {
  const noted = during(() => change((model) => withFacts(model, room, { favorite })));
  const result = await attempt(() => (favorite ? calls.addFavorite(room) : calls.removeFavorite(room)));
  if (!result.ok) {
    return result.failure;
  }
  // A socket tells it too, in order with what other devices do.
  if (connection.peek() !== 'online') {
    noted();
  }
  return undefined;
}

// Favorites were a choice of the browser once. Those that it still has go to the server, and it forgets them.
effect(() => {
  if (connection.value === 'online') {
    void moveOld();
  }
});

async function moveOld(): Promise<void> {
  const same = sameSession();
  const mine = `${me.peek()?.id}:`;
  for (const mark of prefs.peek().favorites.filter((one) => one.startsWith(mine))) {
    const room = Number(mark.slice(mine.length));
    for (let sent = !rooms.peek().has(room); !sent; ) {
      const failure = await send(room, true);
      sent = !failure;
      if (failure) {
        // A full budget has room again in a moment. After anything else the next connection is soon enough.
        if (failure.code !== 'rate_limited') {
          return;
        }
        await new Promise((done) => setTimeout(done, failure.retryAfter ?? 1_000));
      }
      if (!same()) {
        return;
      }
    }
    await setPref(
      'favorites',
      prefs.peek().favorites.filter((one) => one !== mark),
    );
  }
}
