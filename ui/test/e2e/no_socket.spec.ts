// Behind a proxy that lets no WebSocket through, people read why, and what to change.
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { expect, isAccessible, test } from './fixtures';

/** Passes requests on without what is for one connection, as a proxy does that knows no WebSockets. */
async function proxyTo(port: number, answers: (path: string) => boolean, host?: string): Promise<Server> {
  const proxy = createServer((near, answer) => {
    if (!answers(near.url ?? '')) {
      answer.writeHead(404, { 'Content-Type': 'text/html' }).end('<h1>Not Found</h1>');
      return;
    }
    const { upgrade: _, connection: __, ...headers } = near.headers;
    const sent = host ? { ...headers, host } : headers;
    const far = request({ port, path: near.url, method: near.method, headers: sent }, (came) => {
      answer.writeHead(came.statusCode ?? 502, came.headers);
      came.pipe(answer);
    });
    far.on('error', () => answer.destroy());
    near.pipe(far);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  return proxy;
}

function portOf(proxy: Server): number {
  const address = proxy.address();
  return typeof address === 'object' && address ? address.port : 0;
}

const trouble = /WebSocket connection to|status of 4\d\d/;

for (const { what, answers, text } of [
  { what: 'drops Upgrade', answers: () => true, text: /headers Upgrade and Connection/ },
  {
    what: 'leads /ws elsewhere',
    answers: (path: string) => !path.startsWith('/ws'),
    text: /\/ws leads elsewhere/,
  },
]) {
  test(`it is said that a proxy ${what}`, async ({ account, someone, server }) => {
    const grace = await account('Grace Hopper');
    const proxy = await proxyTo(server.port, answers);
    const url = `http://127.0.0.1:${portOf(proxy)}`;
    try {
      const person = await someone('Grace Hopper');
      person.expected.push(trouble);
      await person.signsIn(url, grace.user.name);
      await expect(person.page.getByText(text)).toBeVisible();
      // There are no rooms yet. The page still has its heading, and the window its foot.
      await expect(person.page.getByRole('heading', { level: 1 })).toHaveCount(1);
      const foot = await person.rooms.locator('footer').boundingBox();
      const height = person.page.viewportSize()?.height ?? 0;
      expect((foot?.y ?? 0) + (foot?.height ?? 0)).toBeCloseTo(height, -1);
      await isAccessible(person.page, what);
      // Whoever comes again is still signed in.
      await person.page.reload();
      await expect(person.page.getByText(text)).toBeVisible();
    } finally {
      proxy.closeAllConnections();
      proxy.close();
    }
  });
}

test('the sign-in page says that the proxy sends another name', async ({ account, someone, server }) => {
  const grace = await account('Grace Hopper');
  const proxy = await proxyTo(server.port, () => true, '127.0.0.1:1');
  try {
    const person = await someone('Grace Hopper');
    person.expected.push(trouble);
    await person.signsIn(`http://127.0.0.1:${portOf(proxy)}`, grace.user.name);
    await expect(person.page.getByText(`--url http://127.0.0.1:${portOf(proxy)}`)).toBeVisible();
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
});
