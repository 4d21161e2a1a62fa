// Starts the client.
import { render } from 'preact';
import './css/base.css';
import { App, Shell, SignIn } from './app';
import { startWorker } from './features/shell/worker';
import { knowsUser, start } from './start';
import { startTitle } from './title';

async function main(): Promise<void> {
  // Comes while the server is asked who is signed in.
  void (knowsUser() ? Shell : SignIn).fetch();
  await start();
  startTitle();
  startWorker();
  const root = document.getElementById('app');
  if (root) {
    render(<App />, root);
  }
}

void main();
