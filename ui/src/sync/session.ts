// Beginning and ending a session in this browser.
import { batch } from '@preact/signals';
import { ApiError } from '../net/api';
import { logout, showServer } from '../net/calls/session';
import { probe } from '../net/socket';
import type { User } from '../net/types';
import { emptyInbox, inbox } from '../store/inbox';
import { loadFailed, unreadLine } from '../store/messages';
import { dropPlaces, loadPlaces } from '../store/place';
import { missing, previews, roomsLoaded } from '../store/rooms';
import { awaySince, endedBecause, me, server, session } from '../store/session';
import { started } from '../store/started';
import { typing } from '../store/typing';
import { forgetCopies, loadKept, startKeeping } from './cache';
import { resetCatchUp } from './catchup';
import { closeFile, deleteFile, openFile } from './db';
import { loadDrafts, resetDrafts, saveDrafts, takeDraft } from './drafts';
import { resetHistory } from './history';
import { onEnded, onOther, resetLive, signsOut, socket } from './live';
import { resetModel } from './model';
import { flush, readOutbox, resetOutbox } from './outbox';
import { resetPresence } from './presence';
import { resetReads } from './read';
import { hearTabs, tellTabs } from './tabs';

const lastUser = 'parley.user';
/** Signing out did not reach the server yet: its cookie still works, and only the server can take it away. */
const leaving = 'parley.leaving';
const askAgain = 5_000;
let stopKeeping: () => void = () => undefined;

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
  stopKeeping();
  stopKeeping = startKeeping();
  batch(() => {
    endedBecause.value = undefined;
    session.value = 'signed-in';
  });
  socket.start();
}

/** asked: everything kept is deleted. Else what was written and not sent stays for the next sign-in. */
export async function stopSession(why: 'asked' | 'ended' | 'banned'): Promise<void> {
  if (session.peek() !== 'signed-in') {
    return;
  }
  const user = me.peek();
  session.value = 'signed-out';
  stopKeeping();
  socket.stop();
  localSet(lastUser, '');
  if (why === 'asked') {
    if (user) {
      tellTabs({ kind: 'signed-out', user: user.id });
    }
    dropPlaces();
    await deleteFile();
  } else {
    saveDrafts();
    await forgetCopies();
    closeFile();
  }
  reset();
  endedBecause.value = why === 'asked' ? undefined : why;
}

/** Signs out here soon, and at the server as soon as it can be reached, also after the page was left. */
export async function leaveSession(): Promise<void> {
  localSet(leaving, 'yes');
  signsOut();
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
  session.value = 'starting';
  stopKeeping();
  if (me.peek()?.id === user.id) {
    await deleteFile();
  } else {
    saveDrafts();
    closeFile();
  }
  reset();
  await startSession(user);
}

function reset(): void {
  batch(() => {
    resetModel();
    resetLive();
    resetCatchUp();
    resetOutbox();
    resetReads();
    resetHistory();
    resetPresence();
    me.value = undefined;
    awaySince.value = undefined;
    inbox.value = emptyInbox;
    roomsLoaded.value = false;
    resetDrafts();
    previews.value = new Map();
    missing.value = new Set();
    typing.value = new Map();
    started.value = new Set();
    loadFailed.value = new Set();
    unreadLine.value = undefined;
  });
}

/** Finds out who is signed in: from this browser's copy at once, else from the server. */
export async function resumeSession(): Promise<void> {
  onEnded((why) => void stopSession(why));
  onOther((user) => void change(user));
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
