// Posts many messages in a short time, over one socket of a page that does not run the client.
import type { BrowserContext } from '@playwright/test';
import type { RoomState } from '../../src/net/types';
import type { Guest } from './guest';

/** Settings that let the server accept that many. */
export const crowdFlags = [
  '--messages-per-second',
  '1000000',
  '--messages-burst',
  '1000000',
  '--socket-writes',
  '10000',
  '--outbox-bytes',
  '268435456',
];

/** A socket that posts many messages and stays open for more. */
export class Crowd {
  private constructor(
    private readonly send: (from: number, count: number, frames: number) => Promise<void>,
  ) {}

  static async of(guest: Guest, context: BrowserContext, room: RoomState): Promise<Crowd> {
    const page = await context.newPage();
    await page.goto(`${guest.url}/robots.txt`);
    await page.evaluate(async () => {
      const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/ws`, 'parley.v1');
      await new Promise((done) => socket.addEventListener('message', done, { once: true }));
      Object.assign(globalThis, { socket });
    });
    return new Crowd((from, count, frames) =>
      page.evaluate(
        async ([id, from, count, frames]) => {
          const { socket } = globalThis as unknown as { socket: WebSocket };
          let answered = 0;
          let refused = '';
          const hear = (frame: MessageEvent) => {
            for (const line of String(frame.data).split('\n')) {
              answered += line.startsWith('{"event":"reply"') ? 1 : 0;
              refused ||= line.startsWith('{"event":"error"') ? line : '';
            }
          };
          socket.addEventListener('message', hear);
          const most = 400;
          for (let sent = 0; sent < count; ) {
            const size = frames ? Math.ceil(count / frames) : most;
            const lines = [];
            for (; lines.length < Math.min(size, most) && sent < count; sent++) {
              const n = from + sent;
              const client_id = `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
              const words = 'and so on, word by word, '.repeat(n % 7);
              const data = { room_id: id, client_id, body: `Message ${n}. ${words}` };
              lines.push(JSON.stringify({ event: 'message.send', id: String(n), data }));
            }
            socket.send(lines.join('\n'));
            if (frames) {
              await new Promise(requestAnimationFrame);
            }
            while (sent - answered > 3_000 && !refused) {
              await new Promise((next) => setTimeout(next));
            }
          }
          while (answered < count && !refused) {
            await new Promise((next) => setTimeout(next));
          }
          socket.removeEventListener('message', hear);
          if (refused) {
            throw new Error(refused);
          }
        },
        [room.id, from, count, frames] as const,
      ),
    );
  }

  /**
   * Posts "Message FROM." to "Message FROM+COUNT-1."; in that many frames of the screen, or as fast as it
   * goes.
   */
  async posts(from: number, count: number, frames = 0): Promise<void> {
    await this.send(from, count, frames);
  }
}
