// The server under test: the real binary on a free port, with a data folder of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class ParleyServer {
  /** http://127.0.0.1:PORT */
  url = '';
  /** The link that the server printed for the first run. */
  setupLink = '';
  #port = 0;
  #data = '';
  #process: ChildProcess | undefined;

  static async start(): Promise<ParleyServer> {
    const server = new ParleyServer();
    server.#port = await freePort();
    server.#data = await mkdtemp(join(tmpdir(), 'parley-e2e-'));
    server.url = `http://127.0.0.1:${server.#port}`;
    await server.resume();
    return server;
  }

  /** Starts the binary on the same port and data as before. */
  async resume(): Promise<void> {
    const binary = process.env.PARLEY_BIN;
    if (!binary) {
      throw new Error('PARLEY_BIN must name the server to test');
    }
    const child = spawn(binary, ['--listen', `127.0.0.1:${this.#port}`, '--data', this.#data]);
    this.#process = child;
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
    });
    await new Promise<void>((ready, failed) => {
      child.once('exit', (code) => failed(new Error(`the server ended with ${code}: ${said}`)));
      child.stdout.on('data', (text) => {
        said += text;
        this.setupLink = said.match(/http\S+\/setup#\S+/)?.[0] ?? this.setupLink;
      });
      const asked = setInterval(async () => {
        const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
        if (answer?.ok) {
          clearInterval(asked);
          ready();
        }
      }, 50);
    });
  }

  /** Stops the binary; its data stays for resume. */
  async pause(): Promise<void> {
    const child = this.#process;
    if (child && child.exitCode === null) {
      child.removeAllListeners('exit');
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  }

  async stop(): Promise<void> {
    await this.pause();
    await rm(this.#data, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address ? address.port : 0;
}
