// Starts the client.
import { render } from 'preact';
import './css/base.css';
import { App } from './app';

const root = document.getElementById('app');
if (root) {
  render(<App />, root);
}
