// The server under test: the real binary on a free port, with a data folder of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class ParleyServer {
  /** The address for browsers: http://127.0.0.1:PORT, or with another name. */
  url = '';
  /** The address for this process. */
  api = '';
  /** The link that the server printed for the first run. */
  setupLink = '';
  port = 0;
  #data = '';
  #process: ChildProcess | undefined;
  #binary = process.env.PARLEY_BIN;

  constructor(
    readonly hostname = '127.0.0.1',
    readonly flags: readonly string[] = [],
  ) {}

  static async start(hostname?: string, flags?: readonly string[]): Promise<ParleyServer> {
    const server = new ParleyServer(hostname, flags);
    server.port = await freePort();
    server.#data = await mkdtemp(join(tmpdir(), 'parley-e2e-'));
    server.api = `http://127.0.0.1:${server.port}`;
    server.url = `http://${server.hostname}:${server.port}`;
    await server.resume();
    // What the server printed may be read later than its first answer.
    while (!server.setupLink) {
      await new Promise((read) => setTimeout(read, 20));
    }
    if (server.hostname !== '127.0.0.1') {
      const add = ['host', 'add', '--data', server.#data, server.hostname];
      await once(spawn(process.env.PARLEY_BIN ?? '', add), 'exit');
    }
    return server;
  }

  /** Starts the binary on the same port and data as before. */
  async resume(): Promise<void> {
    if (!this.#binary) {
      throw new Error('PARLEY_BIN must name the server to test');
    }
    const where = ['--listen', `127.0.0.1:${this.port}`, '--data', this.#data];
    const child = spawn(this.#binary, [...where, ...this.flags]);
    this.#process = child;
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
    });
    await new Promise<void>((ready, failed) => {
      child.once('exit', (code) => failed(new Error(`the server ended with ${code}: ${said}`)));
      child.stdout.on('data', (text) => {
        said += text;
        const link = said.match(/http\S+\/setup#\S+/)?.[0];
        this.setupLink = link?.replace(this.api, this.url) ?? this.setupLink;
      });
      const asked = setInterval(async () => {
        const answer = await fetch(`${this.api}/readyz`).catch(() => undefined);
        if (answer?.ok) {
          clearInterval(asked);
          ready();
        }
      }, 50);
    });
  }

  /** Stops the binary and starts another one on the same port and data. */
  async upgrades(binary: string): Promise<void> {
    await this.pause();
    this.#binary = binary;
    await this.resume();
  }

  /** Stops the binary and keeps its data for resume. */
  pause(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** Kills the binary like a power cut and keeps its data for resume. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child && child.exitCode === null && child.signalCode === null) {
      child.removeAllListeners('exit');
      child.kill(signal);
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
