// Begins and ends a session in this browser.
import { batch } from '@preact/signals';
import { ApiError } from '../net/api';
import { logout, showMe } from '../net/calls/accounts';
import { showServer } from '../net/calls/server';
import { probe } from '../net/socket';
import type { User } from '../net/types';
import { during, endSession, perSession } from '../perSession';
import { dropPlaces, loadPlaces } from '../store/place';
import { connection, endedBecause, me, server, session } from '../store/session';
import { forgetCopies, loadKept, startKeeping } from './cache';
import { closeFile, deleteFile, openFile } from './db';
import { forgetLeft, loadDrafts, saveDrafts, takeDraft } from './drafts';
import { readOutbox } from './outbox';
import { flush } from './sender';
import { onAsk, onlyIf, onState, socket } from './socket';
import { hearTabs, tellTabs } from './tabs';

const lastUser = 'parley.user';
/**
 * The server has not heard of the sign-out yet. The cookie still works, and only the server can remove it.
 */
const leaving = 'parley.leaving';
const askAgain = 5_000;
/** A new password ends the session before this browser has the cookie of the new one. */
const newCookieWithin = 1_500;
const running = perSession(() => ({
  stopKeeping: (): void => undefined,
  /** The person is signing out here, so the server closing the socket is expected. */
  leaving: false,
}));

onAsk(() => void ask());
onState((_state, code) => {
  if (code === 4003) {
    void stopSession('banned');
  }
});
onlyIf('welcome', ({ user }) => {
  const known = me.peek();
  const same = user.id === known?.id && user.created_at === known.created_at;
  if (!same) {
    // The same address now has another account or another server. Nothing of the one before may show.
    socket.stop();
    void change(user);
  }
  return same;
});

/** Signs a user in: shows what this browser keeps of them, then goes online. */
export async function startSession(user: User): Promise<void> {
  localSet(lastUser, String(user.id));
  localSet(leaving, '');
  await begin(user.id);
  me.value = user;
  goOnline();
}

async function begin(user: number): Promise<boolean> {
  loadPlaces(user);
  await openFile(user);
  const known = await loadKept();
  await Promise.all([loadDrafts(user), readOutbox()]);
  return known;
}

function goOnline(): void {
  running.now.stopKeeping();
  running.now.stopKeeping = startKeeping();
  batch(() => {
    endedBecause.value = undefined;
    session.value = 'signed-in';
  });
  socket.start();
}

/**
 * Ends the session. `asked` deletes everything kept; otherwise messages not sent stay for the next sign-in.
 */
async function stopSession(why: 'asked' | 'ended' | 'banned'): Promise<void> {
  if (session.peek() !== 'signed-in') {
    return;
  }
  const user = me.peek();
  running.now.stopKeeping();
  socket.stop();
  localSet(lastUser, '');
  let done: Promise<void>;
  if (why === 'asked') {
    if (user) {
      tellTabs({ kind: 'signed-out', user: user.id });
    }
    dropPlaces();
    forgetLeft();
    done = deleteFile();
  } else {
    void saveDrafts();
    done = forgetCopies();
    closeFile();
  }
  batch(() => {
    session.value = 'signed-out';
    endSession();
    endedBecause.value = why === 'asked' ? undefined : why;
  });
  await done;
}

/** Signs out here within seconds, and at the server as soon as it can be reached, even after a reload. */
export async function leaveSession(): Promise<void> {
  localSet(leaving, 'yes');
  running.now.leaving = true;
  const left = loggedOut();
  await Promise.race([left, new Promise((go) => setTimeout(go, 2_000))]);
  await stopSession('asked');
  if (!(await left)) {
    setTimeout(askServer, askAgain);
  }
}

async function loggedOut(): Promise<boolean> {
  try {
    await logout();
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    if (error.code !== 'signed_out') {
      return false;
    }
  }
  localSet(leaving, '');
  return true;
}

// Changes to the account that the cookie belongs to.
async function change(user: User): Promise<void> {
  running.now.stopKeeping();
  let done: Promise<void> | undefined;
  if (me.peek()?.id === user.id) {
    done = deleteFile();
  } else {
    void saveDrafts();
    closeFile();
  }
  batch(() => {
    session.value = 'starting';
    endSession();
  });
  await done;
  await startSession(user);
}

/**
 * Asks the server whether the session still holds, after it closed the socket. Asks again before it believes
 * that it does not, since another session may have taken its place.
 */
async function ask(last = false): Promise<void> {
  if (running.now.leaving) {
    return;
  }
  try {
    await showMe();
    socket.connect();
  } catch (error) {
    if (error instanceof ApiError && error.code === 'signed_out') {
      if (last) {
        void stopSession('ended');
      } else {
        setTimeout(
          during(() => void ask(true)),
          newCookieWithin,
        );
      }
    } else {
      setTimeout(() => connection.peek() === 'reconnecting' && socket.connect(), 5_000);
    }
  }
}

/** Tries to reach the server now. */
export function reconnectNow(): void {
  if (session.peek() === 'signed-in' && !socket.online) {
    socket.connect();
  }
}

/** Does this browser know who was signed in last? If not, the sign-in page is likely next. */
export const knowsUser = (): boolean => Boolean(localGet(lastUser));

/** Finds out who is signed in: from this browser's copy if there is one, or else from the server. */
export async function resumeSession(): Promise<void> {
  hearTabs((word) => {
    if (word.user !== me.peek()?.id) {
      return;
    }
    if (word.kind === 'draft') {
      takeDraft(word.room, word.text);
    } else if (word.kind === 'outbox') {
      void readOutbox().then(flush);
    } else {
      void stopSession('asked');
    }
  });
  const last = Number(localGet(lastUser));
  if (last && (await begin(last))) {
    goOnline();
    return;
  }
  await askServer();
}

// The sign-in page does not wait for the probe. It is rare that a person is signed in and this browser does
// not know.
async function askServer(): Promise<void> {
  if (session.peek() === 'signed-in') {
    return;
  }
  if (localGet(leaving) && !(await loggedOut())) {
    session.value = 'signed-out';
    setTimeout(askServer, askAgain);
    return;
  }
  const starts = async (user: User | undefined) => {
    if (user && session.peek() !== 'signed-in') {
      await startSession(user);
    }
    return user;
  };
  const probed = probe().then(starts);
  try {
    server.value = await showServer();
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    setTimeout(askServer, askAgain);
  }
  if (session.peek() !== 'signed-in') {
    session.value = server.peek()?.set_up === false ? 'set-up' : 'signed-out';
  }
  // Where no WebSocket gets through, the probe cannot tell.
  if (!(await probed) && localGet(lastUser)) {
    await starts(await whoAmI());
  }
}

async function whoAmI(): Promise<User | undefined> {
  try {
    return (await showMe()).user;
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
  }
}

// localStorage throws an error where cookies are forbidden.
function localSet(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The next start asks the server instead.
  }
}

function localGet(key: string): string {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}
