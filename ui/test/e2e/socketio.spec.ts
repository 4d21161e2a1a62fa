// Clients written for a NestJS gateway, with the real library, together with people in browsers.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { io as connectIn } from 'socket.io-client';
import type { Token } from '../../src/net/types';
import { Account } from './account';
import { expect, test } from './fixtures';
import {
  connects,
  notes,
  type Options,
  opens,
  runsDocumentation,
  runsGatewayClient,
  texts,
  versions,
  ways,
} from './gateway';
import { ParleyServer } from './server';

for (const version of Object.keys(versions)) {
  for (const [way, transports] of Object.entries(ways)) {
    test(`a client written for a NestJS gateway works unchanged: ${version}, ${way}`, async ({
      host,
      account,
      guest,
    }) => {
      const user2 = await account('user2');
      const browser = await guest(user2);
      await browser.opens('general');
      const other = await connects(user2, transports ? { transports } : {}, version);
      const client = runsGatewayClient(host, version, transports);

      // In the order of sending, without the one for somebody else.
      await expect
        .poll(() => client.said.map(([label]) => label))
        .toEqual(['已连接到 WebSocket 服务', '收到消息：', '收到群聊：', '收到广播：']);
      const [, message, room, broadcast] = client.said.map(([, data]) => data);
      expect(message).toMatchObject({
        user: 'ada-lovelace',
        message: 'Hello NestJS!',
        room: 'general',
        seq: 1,
      });
      expect(room).toMatchObject({ from: 'ada-lovelace', message: '大家好！', room: 'group1', seq: 1 });
      expect(broadcast).toMatchObject({ message: '全体注意！' });
      await expect
        .poll(() => other.told.map(([event]) => event))
        .toEqual(['receiveMessage', 'receivePrivateMessage', 'receiveBroadcast']);
      expect(other.told[1]?.[1]).toMatchObject({ from: 'ada-lovelace', message: '你好，user2！' });

      // The browser shows it at once, and its messages reach both.
      await browser.sees('Hello NestJS!');
      await browser.sends('Hello from a browser');
      await expect.poll(() => client.said.at(-1)).toMatchObject(['收到消息：', { user: 'user2' }]);
      await expect
        .poll(() => texts(other.told, 'receiveMessage'))
        .toEqual(['Hello NestJS!', 'Hello from a browser']);
      client.close();
      other.socket.close();
    });
  }
}

test('requests with an id get a reply, and the same rights and limits apply', async ({ host, account }) => {
  const bo = await account('Bo');
  const { socket, told } = await connects(bo);
  const ask = (event: string, data: object) => socket.timeout(30_000).emitWithAck(event, data);
  expect(await ask('sendMessage', { user: 'x', message: 'one' })).toEqual({ seq: 1 });
  expect(await ask('sendMessage', { user: 'x', message: 'two' })).toEqual({ seq: 2 });
  expect(await ask('joinRoom', { room: 'new' })).toEqual({ room: 'new' });
  const code = (code: string) => ({ error: expect.objectContaining({ code }) });
  expect(await ask('broadcast', { message: 'x' })).toEqual(code('forbidden'));
  expect(await ask('roomMessage', { room: 'nowhere', message: 'x' })).toEqual(code('not_found'));
  expect(await ask('sendMessage', { message: 'x'.repeat(20_000) })).toEqual(code('message_too_long'));
  socket.emit('sendMessage', { message: '' });
  await expect.poll(() => told.at(-1)).toMatchObject(['exception', { code: 'invalid' }]);
  const answers = await Promise.all(
    Array.from({ length: 120 }, (_, n) => ask('sendMessage', { message: `m${n}` })),
  );
  expect(answers).toContainEqual(code('rate_limited'));
  expect(answers.filter((one) => one.seq).length).toBeGreaterThan(40);
  const room = await host.room('general');
  expect((await host.history(room)).at(0)?.author_id).toBe(bo.user.id);
  socket.close();
});

test('a client without a session is refused, and the end of a session ends the connection', async ({
  account,
}) => {
  const bo = await account('Bo');
  for (const token of ['', 'wrong', `${bo.token}x`]) {
    await isRefused(bo, { query: { token } });
  }
  const { socket } = await connects(bo);
  const gone = new Promise((resolve) => socket.once('disconnect', resolve));
  await bo.ask('POST', '/logout');
  expect(await gone).toBe('io server disconnect'); // after which it does not come back
  socket.close();
});

for (const [way, transports] of Object.entries(ways)) {
  test(`a token that expires ends the connection, and opens none any more: ${way}`, async ({ host }) => {
    const { made, options, socket } = await connectsInTime(host, transports, 3);
    const reason = await new Promise((resolve) => socket.once('disconnect', resolve));
    expect(reason).toBe('io server disconnect');
    expect(Date.now()).toBeGreaterThanOrEqual(made.expires_at ?? 0);
    socket.close();
    await isRefused(host, options);
  });
}

/** Connects with a token that ends after so many seconds, or later where connecting takes longer than that. */
async function connectsInTime(host: Account, transports: string[] | undefined, seconds: number) {
  const asked = { bot: 'shop', scopes: ['read'], expires_in: seconds };
  const made = await host.ask<Token>('POST', '/tokens', asked);
  const options = { auth: { token: made.token }, ...(transports ? { transports } : {}) };
  try {
    const { socket } = await connects(host, options);
    return { made, options, socket };
  } catch (error) {
    if (Date.now() < (made.expires_at ?? 0)) {
      throw error;
    }
    return connectsInTime(host, transports, seconds * 4);
  }
}

/** Checks that a client with these credentials is refused. */
async function isRefused(who: Account, options: Options) {
  const socket = opens(`${who.server.api}/chat`, options);
  const error = await new Promise<Error>((refused) => socket.once('connect_error', refused));
  expect(error.message).toContain('sign in');
  expect(socket.connected).toBe(false);
  socket.close();
}

test('a person who was removed from a room gets no more of its events', async ({ host, account }) => {
  const bo = await account('Bo');
  const room = await host.makesRoom('plans');
  await host.adds(room, bo);
  const { socket, told } = await connects(bo);
  await host.posts(room, 'before');
  await expect.poll(() => texts(told, 'receiveRoomMessage')).toEqual(['before']);
  await host.ask('DELETE', `/rooms/${room.id}/members/${bo.user.id}`);
  await host.posts(room, 'after');
  await host.posts(await host.room('general'), 'to all');
  await expect.poll(() => texts(told, 'receiveMessage')).toEqual(['to all']);
  expect(texts(told, 'receiveRoomMessage')).toEqual(['before']);
  socket.close();
});

for (const [way, transports] of Object.entries(ways)) {
  test(`after the server was killed clients come back and get what they missed: ${way}`, async ({
    server,
    host,
    account,
  }) => {
    const bo = await account('Bo');
    const general = await host.room('general');
    let since = 0;
    const { socket, told } = await connects(bo, {
      ...(transports ? { transports } : {}),
      auth: (done) => done({ token: bo.token, since }),
      reconnectionDelay: 100,
    });
    await host.posts(general, 'before');
    await expect.poll(() => texts(told, 'receiveMessage')).toEqual(['before']);
    since = told[0]?.[1].at as number;
    const gone = new Promise((resolve) => socket.once('disconnect', resolve));
    await server.kill();
    await gone;
    await server.resume();
    const { seq } = await host.posts(general, 'meanwhile'); // or just after it came back: once all the same
    await expect.poll(() => socket.connected).toBe(true);
    await host.posts(general, 'after');
    await expect.poll(() => texts(told, 'receiveMessage')).toEqual(['before', 'meanwhile', 'after']);
    expect(seq).toBe(2);
    socket.close();
  });
}

test('missed events come oldest first, and live ones after them', async ({ host, account }) => {
  const bo = await account('Bo');
  const general = await host.room('general');
  const secret = await host.writesTo(bo);
  await host.posts(general, 'too old');
  const { at } = await firstOf(host, general.id);
  for (let n = 1; n <= 20; n++) {
    await host.posts(n % 5 ? general : secret, `n${n}`);
  }
  const socket = opens(`${bo.server.api}/chat`, { auth: { token: bo.token, since: at } });
  const told = notes(socket);
  await host.posts(general, 'n21');
  await expect
    .poll(() => told.map(([, data]) => data.message))
    .toEqual(Array.from({ length: 21 }, (_, n) => `n${n + 1}`));
  socket.close();

  async function firstOf(who: typeof host, room: number) {
    const page = await who.ask<{ messages: { created_at: number }[] }>(
      'GET',
      `/rooms/${room}/messages?limit=1`,
    );
    return { at: page.messages[0]?.created_at ?? 0 };
  }
});

const library = readFileSync(
  createRequire(import.meta.url).resolve('socket.io-client/dist/socket.io.js'),
  'utf8',
);

for (const allowed of [false, true]) {
  test(`a page of another site is ${allowed ? 'let in when it is on the list' : 'refused'}`, async ({
    page,
  }) => {
    const site = createServer((_, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><title>app</title>');
    }).listen(0, '127.0.0.1');
    await once(site, 'listening');
    const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    const server = await ParleyServer.start('127.0.0.1', allowed ? ['--allow-origin', origin] : []);
    const host = await Account.setsUp(server, 'Ada Lovelace');
    await page.goto(origin);
    await page.addScriptTag({ content: library });
    for (const transports of [['polling'], ['websocket']]) {
      const outcome = await page.evaluate(
        ([url, token, transports]) =>
          new Promise<string>((done) => {
            const { io } = globalThis as unknown as { io: typeof connectIn };
            const socket = io(url, { auth: { token }, transports: [...transports], forceNew: true });
            socket.on('connect', () => socket.emit('sendMessage', { message: 'hello' }, () => done('said')));
            socket.on('connect_error', () => {
              socket.close();
              done('refused');
            });
          }),
        [`${server.url}/chat`, host.token, transports] as const,
      );
      expect(outcome, transports[0]).toBe(allowed ? 'said' : 'refused');
    }
    await server.stop();
    site.close();
  });
}

test('the examples of the documentation work', async ({ host, account }) => {
  const bo = await account('Bo');
  const { said, close } = runsDocumentation(bo);
  await expect
    .poll(() => said.map(String).sort()) // the answer and the message may come in any order
    .toEqual(['#plans bo: to all in #plans', '1', 'bo: to all in #general', 'connected']);
  await host.posts(await host.writesTo(bo), 'hello');
  await host.posts(await host.room('announcements'), 'listen');
  await expect
    .poll(() => said.slice(4).map(String))
    .toEqual(['ada-lovelace to you: hello', 'to everyone: listen']);
  close();
});
