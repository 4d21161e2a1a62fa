// Beginning and ending a session in this browser.
import { batch } from '@preact/signals';
import { ApiError } from '../net/api';
import { showMe } from '../net/calls/people';
import { logout, showServer } from '../net/calls/session';
import { probe } from '../net/socket';
import type { User } from '../net/types';
import { endSession, perSession } from '../perSession';
import { dropPlaces, loadPlaces } from '../store/place';
import { connection, endedBecause, me, server, session } from '../store/session';
import { forgetCopies, loadKept, startKeeping } from './cache';
import { closeFile, deleteFile, openFile } from './db';
import { loadDrafts, saveDrafts, takeDraft } from './drafts';
import { readOutbox } from './outbox';
import { flush } from './sender';
import { onAsk, onlyIf, onState, socket } from './socket';
import { hearTabs, tellTabs } from './tabs';

const lastUser = 'parley.user';
/** Signing out did not reach the server yet: its cookie still works, and only the server can take it away. */
const leaving = 'parley.leaving';
const askAgain = 5_000;
const running = perSession(() => ({
  stopKeeping: (): void => undefined,
  /** Signing out has begun here: when the server ends the socket for it there is nothing to ask. */
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
    // Another account, or another server, behind the same address: nothing of the one before may show.
    socket.stop();
    void change(user);
  }
  return same;
});

/** Goes online as a user; shows at once what this browser keeps of them. */
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
  await Promise.all([loadDrafts(), readOutbox()]);
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

/** asked: everything kept is deleted. Else what was written and not sent stays for the next sign-in. */
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
    done = deleteFile();
  } else {
    saveDrafts();
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

/** Signs out here soon, and at the server as soon as it can be reached, also after the page was left. */
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

// The cookie is of someone else than this browser remembers.
async function change(user: User): Promise<void> {
  running.now.stopKeeping();
  let done: Promise<void> | undefined;
  if (me.peek()?.id === user.id) {
    done = deleteFile();
  } else {
    saveDrafts();
    closeFile();
  }
  batch(() => {
    session.value = 'starting';
    endSession();
  });
  await done;
  await startSession(user);
}

/** Does the session still hold? Asked when the server closed the socket. */
async function ask(): Promise<void> {
  if (running.now.leaving) {
    return;
  }
  try {
    await showMe();
    socket.connect();
  } catch (error) {
    if (error instanceof ApiError && error.code === 'signed_out') {
      void stopSession('ended');
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

/** Finds out who is signed in: from this browser's copy at once, else from the server. */
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

// The sign-in page does not wait for the probe: that someone is signed in and this browser does not know it is rare.
async function askServer(): Promise<void> {
  if (session.peek() === 'signed-in') {
    return;
  }
  if (localGet(leaving) && !(await loggedOut())) {
    session.value = 'signed-out';
    setTimeout(askServer, askAgain);
    return;
  }
  const probed = probe();
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
  const user = await probed;
  if (user && session.peek() !== 'signed-in') {
    await startSession(user);
  }
}

// localStorage throws where cookies are forbidden.
function localSet(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The next start asks the server.
  }
}

function localGet(key: string): string {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}
