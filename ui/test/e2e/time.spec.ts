// The hours of the day, as the person's country counts them.
import { expect, test } from './fixtures';

for (const [place, text] of [
  ['de-DE', /^\d\d:\d\d$/],
  ['en-GB', /^\d\d:\d\d$/],
  ['en-US', /^\d{1,2}:\d\d\s[AP]M$/],
] as const) {
  test(`English in a browser for ${place}`, async ({ host, guest }) => {
    const room = await host.room('general');
    await host.posts(room, 'Hello');
    const ada = await guest(host, `/r/${room.id}`, { locale: place });
    const time = ada.row('Hello').locator('time').first();
    await expect(time).toHaveText(text);
    const hours = /[AP]M/.test((await time.textContent()) ?? '') ? /[AP]M$/ : /\d\d:\d\d$/;
    await expect(time).toHaveAttribute('title', hours);
  });
}
