// Clients of Socket.IO: the official library, in its newest version and in the first of this protocol.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { runInNewContext } from 'node:vm';
import { io as current, type Socket } from 'socket.io-client';
import type { Account } from './account';

// Its types are not among what its package exports.
const { io: oldest } = createRequire(import.meta.url)('socket.io-client-oldest') as { io: typeof current };

/** An event and its arguments. */
export type Told = [event: string, data: Record<string, unknown>];

const events = [
  'receiveMessage',
  'receivePrivateMessage',
  'joinedRoom',
  'receiveRoomMessage',
  'receiveBroadcast',
  'exception',
];

export interface Options {
  query?: Record<string, string>;
  auth?: Record<string, unknown> | ((done: (auth: object) => void) => void);
  transports?: string[];
  extraHeaders?: Record<string, string>;
  reconnectionDelay?: number;
}

/** The versions of the library that are tested, by name. */
export const versions: Record<string, (url: string, options: Options) => Socket> = {
  current: (url, options) => current(url, { ...options, forceNew: true }),
  oldest: (url, options) => oldest(url, { ...options, forceNew: true }),
};

/** The ways to connect, by name. */
export const ways: Record<string, string[] | undefined> = {
  'polling only': ['polling'],
  'WebSocket only': ['websocket'],
  'with the upgrade': undefined,
};

/** Connects a client, and notes all events without their time and room. */
export async function connects(who: Account, options: Options = {}, version = 'current') {
  const socket = opens(`${who.server.api}/chat`, { auth: { token: who.token }, ...options }, version);
  const told = notes(socket);
  await new Promise<void>((ready, failed) => {
    socket.once('connect', ready);
    socket.once('connect_error', failed);
  });
  return { socket, told };
}

export function opens(url: string, options: Options, version = 'current'): Socket {
  const connect = versions[version];
  if (!connect) {
    throw new Error(`there is no version ${version}`);
  }
  return connect(url, options);
}

/** Notes all events of a client. */
export function notes(socket: Socket): Told[] {
  const told: Told[] = [];
  for (const event of events) {
    socket.on(event, (data) => told.push([event, data]));
  }
  return told;
}

/** The texts of the events with a name. */
export const texts = (told: readonly Told[], event: string) =>
  told.filter(([name]) => name === event).map(([, data]) => data.message);

/** Runs a client that was written for a NestJS gateway, unchanged, with a token and an address, and returns its log. */
export function runsGatewayClient(who: Account, version: string, transports: string[] | undefined) {
  const source = read('../testdata/gateway-client.js').replace('用户登录后的JWT', who.token);
  return runs(source, who, (url, options) =>
    opens(url, transports ? { ...options, transports } : options, version),
  );
}

/** Runs the examples of docs/gateway.md, one after the other, and returns their log. */
export function runsDocumentation(who: Account) {
  const blocks = read('../../../docs/gateway.md').matchAll(/```js\n(.*?)```/gs);
  const source = [...blocks]
    .map(([, code]) => code)
    .join('')
    .replace('TOKEN', `'${who.token}'`);
  return runs(source, who, opens);
}

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

function runs(source: string, who: Account, open: (url: string, options: Options) => Socket) {
  const said: unknown[][] = [];
  let socket: Socket | undefined;
  const io = (url: string, options: Options) => {
    socket = open(url, options);
    return socket;
  };
  const console = { log: (...words: unknown[]) => said.push(words) };
  runInNewContext(source.replace('http://localhost:3000', who.server.api), { io, console });
  return { said, close: () => socket?.close() };
}
