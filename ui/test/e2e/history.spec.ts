import { call, fill, openRoom } from './fill';
import { expect, type Person, test } from './fixtures';

// A person may post ten messages a second; filling a room would take minutes.
process.env.PARLEY_MESSAGES_PER_SECOND = '100000';
process.env.PARLEY_MESSAGES_BURST = '100000';

const log = (person: Person) => person.page.getByRole('log');
const toEnd = (person: Person) =>
  log(person).evaluate((box) => Math.round(box.scrollHeight - box.scrollTop - box.clientHeight));

/** The first visible row: its seq and where it is. */
function firstVisible(person: Person): Promise<{ seq: string; top: number }> {
  return log(person).evaluate((box) => {
    const edge = box.getBoundingClientRect().top + 1;
    const row = [...box.querySelectorAll<HTMLElement>('[data-row]')].find(
      (one) => one.getBoundingClientRect().bottom > edge,
    ) as HTMLElement;
    return { seq: row.dataset.row ?? '', top: row.getBoundingClientRect().top };
  });
}

async function wheel(person: Person, by: number, times: number): Promise<void> {
  await log(person).hover();
  for (let n = 0; n < times; n++) {
    await person.page.mouse.wheel(0, by);
    await person.page.waitForTimeout(16);
  }
  await person.page.waitForTimeout(400);
}

test('a long room keeps few rows, and history in front moves nothing', async ({ owner }) => {
  await owner.opens('general');
  await fill(owner, openRoom(owner), 900);
  await owner.page.reload();
  await owner.sees(/Message/);
  await wheel(owner, -600, 30);
  for (let n = 0; n < 6; n++) {
    await log(owner).evaluate((box, top) => {
      box.scrollTop = top;
    }, 400 + n);
    await owner.page.evaluate(() => new Promise(requestAnimationFrame));
    const before = await firstVisible(owner);
    await owner.page.waitForTimeout(400);
    const after = await firstVisible(owner);
    expect(after.seq).toBe(before.seq);
    expect(Math.abs(after.top - before.top)).toBeLessThanOrEqual(1);
    expect(await owner.page.locator('article').count()).toBeLessThanOrEqual(160);
  }
});

test('at the end it stays at the end; reading above nothing moves and the pill counts', async ({
  owner,
  someone,
}) => {
  const ming = await someone('小明');
  await ming.signsUp(owner.invite);
  await ming.opens('general');
  await owner.opens('general');
  const room = openRoom(owner);
  await fill(ming, room, 120);
  await expect.poll(() => toEnd(owner)).toBeLessThanOrEqual(1);
  await fill(ming, room, 500);
  await expect(owner.page.locator('[data-row="620"]')).toBeAttached();
  expect(await toEnd(owner)).toBeLessThanOrEqual(1);

  await wheel(owner, -500, 4);
  const before = await firstVisible(owner);
  await fill(ming, room, 30);
  const pill = owner.button('30 new messages');
  await expect(pill).toBeVisible();
  const after = await firstVisible(owner);
  expect(after.seq).toBe(before.seq);
  expect(Math.abs(after.top - before.top)).toBeLessThan(1);
  await pill.click();
  await expect.poll(() => toEnd(owner)).toBeLessThanOrEqual(1);
  await expect(pill).toBeHidden();
});

test('a room with unread messages opens at the line; seen rows are read, Esc reads the rest', async ({
  owner,
  someone,
}) => {
  const ming = await someone('小明');
  await ming.signsUp(owner.invite);
  await ming.opens('general');
  const room = openRoom(ming);
  await owner.makesRoom('elsewhere');
  await fill(ming, room, 200);
  await call(owner, 'PUT', `/rooms/${room}/read`, { read_seq: 100 });
  await owner.opens('general');
  const line = owner.page.locator('[data-line]');
  await expect(line).toBeInViewport();
  const share = await line.evaluate((one) => {
    const box = (one.closest('[role=log]') as Element).getBoundingClientRect();
    return (one.getBoundingClientRect().top - box.top) / box.height;
  });
  expect(share).toBeGreaterThan(0.25);
  expect(share).toBeLessThan(0.4);
  await expect(owner.button('Mark read')).toBeVisible();
  const readTo = async () => ((await call(owner, 'GET', `/rooms/${room}`)) as { read_seq: number }).read_seq;
  await expect.poll(readTo).toBeGreaterThan(100);
  expect(await readTo()).toBeLessThan(200);
  await wheel(owner, -400, 10);
  await owner.button('Jump').click();
  await expect(line).toBeInViewport();
  await owner.composer.press('Escape');
  await expect.poll(readTo).toBe(200);
  await expect(owner.button('Mark read')).toBeHidden();
  await expect(line).toBeAttached();
});

test('a permalink opens at its message, and the present is one press away', async ({ owner }) => {
  await owner.opens('general');
  const room = openRoom(owner);
  await fill(owner, room, 700);
  await owner.page.goto(new URL(`/r/${room}/10`, owner.page.url()).href);
  await expect(owner.page.locator('[data-row="10"]')).toBeInViewport();
  await owner.button('Jump to present').click();
  await expect(owner.page.locator('[data-row="700"]')).toBeInViewport();
  await expect(owner.page).toHaveURL(new RegExp(`/r/${room}$`));
});

test('marking unread from a message moves the line there', async ({ owner, someone }) => {
  const ming = await someone('小明');
  await ming.signsUp(owner.invite);
  await ming.opens('general');
  await owner.opens('general');
  await fill(ming, openRoom(ming), 5, true);
  await owner.sees('Message 5');
  await owner.page.waitForTimeout(1_500);
  await owner.page.locator('[data-row="3"] article').hover();
  await owner.page.locator('[data-row="3"]').getByRole('button', { name: 'More actions' }).click();
  await owner.page.getByRole('menuitem', { name: 'Mark unread from here' }).click();
  await expect(owner.page.locator('[data-row="3"] [data-line]')).toBeVisible();
  await expect(owner.rooms.getByRole('link', { name: /3 unread/ })).toBeVisible();
});
