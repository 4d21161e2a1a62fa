// Fills a room over HTTP, from inside a signed-in page.
import type { Person } from './person';

/** The id of the room that is open. */
export function openRoom(person: Person): number {
  return Number(new URL(person.page.url()).pathname.split('/')[2]);
}

/** Sends `count` messages to a room, eight at a time; they are numbered in the order of their seq only when `ordered`. */
export async function fill(person: Person, room: number, count: number, ordered = false): Promise<void> {
  await person.page.evaluate(
    async ([to, many, lanes]) => {
      let sent = 0;
      const lane = async () => {
        while (sent < many) {
          const n = ++sent;
          const answer = await fetch(`/api/rooms/${to}/messages`, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({
              client_id: crypto.randomUUID(),
              body: `Message ${n} ${'of some length '.repeat(n % 7)}`,
            }),
          });
          if (!answer.ok) {
            throw new Error(await answer.text());
          }
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
    },
    [room, count, ordered ? 1 : 8] as const,
  );
}

/** Calls the API as the person. */
export function call(person: Person, method: string, path: string, body?: unknown): Promise<unknown> {
  return person.page.evaluate(
    async ([how, where, what]) => {
      const answer = await fetch(`/api${where}`, {
        method: how,
        headers: { 'Content-Type': 'application/json' },
        ...(what ? { body: what } : {}),
      });
      return answer.status === 204 ? undefined : answer.json();
    },
    [method, path, body ? JSON.stringify(body) : ''] as const,
  );
}
