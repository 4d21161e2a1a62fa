// Starts the client.
import { render } from 'preact';
import './css/base.css';
import { App } from './app';
import { startWorker } from './features/shell/worker';
import { start } from './start';
import { startTitle } from './title';

async function main(): Promise<void> {
  await start();
  startTitle();
  startWorker();
  const root = document.getElementById('app');
  if (root) {
    render(<App />, root);
  }
}

void main();
