// What is typed in the moment in which a dialog comes or goes lands where the person means it.
import { expect, type Guest, test } from './fixtures';

/** Holds back what the page fetches from such an address. Returns a function that lets it through. */
async function holds({ page }: Guest, address: RegExp): Promise<() => void> {
  let release = () => {};
  const free = new Promise<void>((done) => {
    release = done;
  });
  await page.route(address, async (route) => {
    await free;
    await route.continue();
  });
  return release;
}

test('what is typed when a conversation begins goes into its composer', async ({ account, host, guest }) => {
  for (const name of ['Bo', 'Cy']) {
    await account(name);
  }
  const ada = await guest(host, `/r/${(await host.room('general')).id}`);
  const { keyboard } = ada.page;
  await expect(ada.composer).toBeFocused();
  for (let turn = 0; turn < 10; turn++) {
    const name = turn % 2 ? 'Bo' : 'Cy';
    // Some answers come at once, others while the person types.
    await ada.page.route('**/api/directs', async (route) => {
      await new Promise((later) => setTimeout(later, (turn % 6) * 12));
      await route.continue();
    });
    await ada.button('New conversation').first().click();
    await ada.dialog.getByRole('checkbox', { name }).check();
    await ada.dialog.getByRole('button', { name: /^Start/ }).focus();
    await keyboard.press('Enter');
    await keyboard.type(`Hello ${turn}`);
    await expect(ada.composer, `turn ${turn}`).toHaveValue(`Hello ${turn}`);
    await expect(ada.title(name)).toBeVisible();
    await expect(ada.composer).toBeFocused();
    await ada.composer.fill('');
    await ada.page.unroute('**/api/directs');
  }
});

test('what is typed at the very end of a dialog goes into the composer', async ({ account, host, guest }) => {
  await account('Bo');
  const room = await host.room('general');
  const ada = await guest(host, `/r/${room.id}`);
  const { keyboard } = ada.page;
  await ada.sends('Mine');
  await ada.hasSent();

  // What has the focus in each frame from the moment on in which the dialog is gone. The page watches before
  // anything is pressed: it handles keys before what a test asks it.
  const watch = async () => {
    const watcher = await ada.page.evaluateHandle(() => {
      const seen = new Promise<string[]>((done) => {
        const all: string[] = [];
        const look = () => {
          const at = document.activeElement;
          all.push(at?.hasAttribute('data-composer') ? 'composer' : (at?.outerHTML.slice(0, 90) ?? ''));
        };
        new MutationObserver((_, observer) => {
          if (!document.querySelector('dialog[open]')) {
            observer.disconnect();
            look();
            requestAnimationFrame(() => {
              look();
              requestAnimationFrame(() => {
                look();
                done(all);
              });
            });
          }
        }).observe(document.body, { subtree: true, childList: true, attributes: true });
      });
      return { seen };
    });
    return () => watcher.evaluate(({ seen }) => seen);
  };
  const always = ['composer', 'composer', 'composer'];

  await ada.button('New conversation').first().click();
  await ada.dialog.getByRole('checkbox', { name: 'Bo' }).check();
  let focus = await watch();
  await ada.dialog.getByRole('button', { name: /^Start/ }).click();
  expect(await focus(), 'a new conversation').toEqual(always);
  // The same conversation, which is open.
  await ada.button('New conversation').first().click();
  await ada.dialog.getByRole('checkbox', { name: 'Bo' }).check();
  focus = await watch();
  await ada.dialog.getByRole('button', { name: /^Start/ }).click();
  expect(await focus(), 'the open conversation').toEqual(always);

  await keyboard.press('Control+k');
  await keyboard.type('general');
  focus = await watch();
  await keyboard.press('Enter');
  expect(await focus(), 'the switcher').toEqual(always);

  await ada.button('Create a room').click();
  await ada.page.getByRole('menuitem', { name: 'Create a room' }).click();
  await ada.dialog.getByLabel('Name').fill('club');
  focus = await watch();
  await ada.dialog.getByRole('button', { name: 'Create', exact: true }).click();
  expect(await focus(), 'a new room').toEqual(always);

  await ada.sends('To delete');
  await ada.hasSent();
  await ada.pointsAt('To delete');
  await ada.row('To delete').getByRole('button', { name: 'More actions' }).click();
  await ada.page.getByRole('menuitem', { name: 'Delete message' }).click();
  focus = await watch();
  await ada.dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(await focus(), 'a question').toEqual(always);

  // On a button that takes no letters, letters are meant for the composer.
  await ada.button('New conversation').first().focus();
  await keyboard.type('Hello');
  await expect(ada.composer).toHaveValue('Hello');
});

test('what is typed before the code of a dialog is there goes into the dialog', async ({ host, guest }) => {
  await host.makesRoom('design');
  const general = await host.room('general');
  const ada = await guest(host, '/settings', { serviceWorkers: 'block' });
  const { keyboard } = ada.page;
  const arrive = async () => {
    const release = await holds(ada, /assets\/(switcher|message-dialogs|direct)-/);
    await ada.page.goto(`${ada.url}/r/${general.id}`);
    await expect(ada.composer).toBeFocused();
    return release;
  };
  let release = await arrive();
  await keyboard.press('Control+k');
  await keyboard.type('dex');
  await keyboard.press('Backspace');
  await keyboard.type('sign');
  await keyboard.press('Enter');
  await expect(ada.composer).toHaveValue('');
  release();
  await expect(ada.title('design')).toBeVisible();
  await expect(ada.composer).toHaveValue('');
  await expect(ada.composer).toBeFocused();

  // Esc takes it back.
  release = await arrive();
  await keyboard.press('Control+k');
  await keyboard.type('des');
  await keyboard.press('Escape');
  await keyboard.type('Hello');
  await expect(ada.composer).toHaveValue('Hello');
  release();
  await keyboard.press('Control+k');
  await expect(ada.dialog.getByRole('combobox')).toHaveValue('');
  await keyboard.press('Escape');
  await ada.composer.fill('');

  // An edit begins in the row.
  await ada.sends('Mine');
  await ada.hasSent();
  release = await arrive();
  await ada.sees('Mine');
  await keyboard.press('ArrowUp');
  await keyboard.type(', better');
  await keyboard.press('Enter');
  await expect(ada.composer).toHaveValue('');
  release();
  await ada.sees('Mine, better');
  await expect(ada.composer).toHaveValue('');
});

test('a dialog whose code cannot be fetched leaves the keys alone', async ({ host, guest }) => {
  const general = await host.room('general');
  const ada = await guest(host, '/settings', { serviceWorkers: 'block' });
  ada.expected.push(/net::ERR_|Failed to fetch/);
  await ada.page.route(/assets\/switcher-/, (route) => route.abort());
  await ada.page.goto(`${ada.url}/r/${general.id}`);
  await expect(ada.composer).toBeFocused();
  await ada.page.keyboard.press('Control+k');
  await expect(ada.page.getByText(/reload/i).first()).toBeVisible();
  // Until the browser has given up, the keys are meant for the dialog.
  await expect(async () => {
    await ada.composer.fill('');
    await ada.page.keyboard.type('Hello');
    await expect(ada.composer).toHaveValue('Hello', { timeout: 1_000 });
  }).toPass();
});
