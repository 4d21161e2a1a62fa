// Finds out why no WebSocket opens, when the server does answer.
import { attempt } from '../../net/attempt';
import { listChanges } from '../../net/calls/messages';
import type { Failure } from '../../net/result';
import { socket } from '../../sync/socket';

/** upgrade: something drops what opens a WebSocket. path: /ws leads elsewhere. Or what the server refuses. */
export type Reason = 'upgrade' | 'path' | Failure;

const patience = 10_000;
/** A server that restarts is back before so many tries of the socket have failed. */
const several = 3;
const look = 1_000;

/**
 * Finds out why no WebSocket opens, once the socket of this tab has failed several times and once more after an
 * answer over HTTP. Opens none of its own. Undefined: the server is away. Goes on until `gone`.
 */
export async function whyNoSocket(gone: AbortSignal): Promise<Reason | undefined> {
  await failed(several, gone);
  const found = await answerOfSocket();
  if (found === undefined || found === 'path') {
    return found;
  }
  const before = socket.failures;
  socket.hurry();
  await failed(before + 1, gone);
  // Asks for nothing. A browser says which page it is for, as for a WebSocket.
  const asked = await attempt(() => listChanges({}, { rooms: [] }));
  if (asked.ok) {
    return found === 'upgrade_required' ? 'upgrade' : undefined;
  }
  const { code, field } = asked.failure;
  return code === 'wrong_host' || field === 'origin' ? asked.failure : undefined;
}

/** The code with which the server refuses a request to /ws that opens no WebSocket. */
async function answerOfSocket(): Promise<string | undefined> {
  try {
    const answer = await fetch('/ws', { signal: AbortSignal.timeout(patience) });
    const { code } = (await answer.json().catch(() => ({}))) as { code?: string };
    return code ?? (answer.status < 500 ? 'path' : undefined);
  } catch {
    return undefined;
  }
}

/** Waits until the socket has failed so often. */
function failed(times: number, gone: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const check = () => {
      if (socket.failures >= times) {
        done();
      } else if (!gone.aborted) {
        setTimeout(check, look);
      }
    };
    check();
  });
}
