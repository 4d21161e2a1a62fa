// A person over the API, without a browser. Tests use it to prepare the server.
import { randomUUID } from 'node:crypto';
import type {
  Invite,
  Message,
  MessageSent,
  NewRoom,
  Page,
  RoomState,
  SignedIn,
  User,
} from '../../src/net/types';
import { password } from './person';
import type { ParleyServer } from './server';

export class Account {
  private constructor(
    readonly server: ParleyServer,
    readonly user: User,
    readonly token: string,
  ) {}

  /** Makes the owner of a server that is not set up. */
  static setsUp(server: ParleyServer, name: string): Promise<Account> {
    const code = decodeURIComponent(server.setupLink.split('#')[1] ?? '');
    return Account.#by(server, '/setup', { code, server_name: 'Acme', ...naming(name) });
  }

  /** Makes an account with an invite's code. */
  static registers(server: ParleyServer, invite: string, name: string): Promise<Account> {
    return Account.#by(server, '/register', { invite, ...naming(name) });
  }

  /** The session that comes with a new account. Signing in again would cost as much as making the account. */
  static async #by(server: ParleyServer, path: string, body: object): Promise<Account> {
    const answer = await request(server, 'POST', path, body);
    const { user } = (await answer.json()) as SignedIn;
    return new Account(server, user, sessionOf(answer).value);
  }

  /** A cookie of a new session. */
  async cookie(): Promise<{ name: string; value: string }> {
    return sessionOf(await request(this.server, 'POST', '/login', { name: this.user.name, password }));
  }

  ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    return ask(this.server, method, path, body, this.token);
  }

  /** The code of a new invite, for any number of people. */
  async invites(): Promise<string> {
    const made = await this.ask<Invite>('POST', '/invites', { max_uses: 0, expires_in: 86_400 });
    return made.code ?? '';
  }

  async room(name: string): Promise<RoomState> {
    const { rooms } = await this.ask<{ rooms: RoomState[] }>('GET', '/rooms');
    const found = rooms.find((room) => room.name === name);
    if (!found) {
      throw new Error(`no room ${name}`);
    }
    return found;
  }

  makesRoom(name: string, more: Partial<NewRoom> = {}): Promise<RoomState> {
    return this.ask('POST', '/rooms', { kind: 'public', name, topic: '', ...more });
  }

  adds(room: RoomState, ...people: Account[]): Promise<void> {
    return this.ask('POST', `/rooms/${room.id}/members`, { user_ids: people.map((one) => one.user.id) });
  }

  writesTo(...people: Account[]): Promise<RoomState> {
    return this.ask('POST', '/directs', { user_ids: people.map((one) => one.user.id) });
  }

  posts(room: RoomState, body: string, clientID: string = randomUUID()): Promise<MessageSent> {
    return this.ask('POST', `/rooms/${room.id}/messages`, { client_id: clientID, body });
  }

  /** Posts several messages, one after the other. */
  async postsAll(room: RoomState, bodies: readonly string[]): Promise<void> {
    for (const body of bodies) {
      await this.posts(room, body);
    }
  }

  reads(room: RoomState, seq: number): Promise<void> {
    return this.ask('PUT', `/rooms/${room.id}/read`, { read_seq: seq });
  }

  /** The newest messages as the server has them. */
  async history(room: RoomState): Promise<Message[]> {
    return (await this.ask<Page>('GET', `/rooms/${room.id}/messages?limit=100`)).messages;
  }
}

const loginOf = (name: string) => name.toLowerCase().replaceAll(' ', '-');

const naming = (name: string) => ({ name: loginOf(name), display_name: name, password });

/** The session's cookie, and not the one by which the server knows the device again. */
function sessionOf(answer: Response): { name: string; value: string } {
  const session = answer.headers.getSetCookie().find((one) => one.startsWith('parley='));
  const [name = '', value = ''] = session?.split(';')[0]?.split('=') ?? [];
  return { name, value };
}

async function ask<T>(...asked: Parameters<typeof request>): Promise<T> {
  const text = await (await request(...asked)).text();
  return (text ? JSON.parse(text) : undefined) as T;
}

async function request(
  server: ParleyServer,
  method: string,
  path: string,
  body?: unknown,
  token?: string,
): Promise<Response> {
  const ask = () =>
    fetch(`${server.api}/api${path}`, {
      method,
      headers: {
        'Content-Type': 'application/json',
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  let answer = await ask();
  // What comes too fast waits as the server says. A fast machine may use up a burst that a slow one does not.
  while (answer.status === 429) {
    const { retry_after: after } = (await answer.json()) as { retry_after: number };
    await new Promise((go) => setTimeout(go, after));
    answer = await ask();
  }
  if (!answer.ok) {
    throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  }
  return answer;
}
