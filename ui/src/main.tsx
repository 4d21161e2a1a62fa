// Starts the client.
import { render } from 'preact';
import './css/base.css';
import { App, SignIn } from './app';
import { startFiles } from './features/shell/files';
import { startWorker } from './features/shell/worker';
import { knowsUser, start } from './start';
import { startTitle } from './title';

async function main(): Promise<void> {
  if (!knowsUser()) {
    // Comes while the server is asked who is signed in.
    void SignIn.fetch();
  }
  await start();
  startTitle();
  startWorker();
  startFiles();
  const root = document.getElementById('app');
  if (root) {
    render(<App />, root);
  }
}

void main();
