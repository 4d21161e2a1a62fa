// Starts the client.
import { render } from 'preact';
import './css/base.css';
import { start } from './actions';
import { App } from './app';
import { startTitle } from './title';
import { startWorker } from './worker';

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
