// The line between one person and the server, which a test can cut like a tunnel or a closed lid. A browser's
// own offline switch does not close an open WebSocket.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export class Line {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #cut = false;
  #answer = '';

  private constructor(port: number) {
    this.#server = createServer((near) => {
      if (this.#cut) {
        near.on('error', () => near.destroy());
        near.once('data', () => near.end(this.#answer));
        if (!this.#answer) {
          near.destroy();
        }
        return;
      }
      const far = connect(port, '127.0.0.1');
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#open.add(one);
        one.setNoDelay(true);
        one.pipe(other);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          this.#open.delete(one);
          other.destroy();
        });
      }
    });
  }

  static async to(port: number): Promise<Line> {
    const line = new Line(port);
    line.#server.listen(0, '127.0.0.1');
    await once(line.#server, 'listening');
    return line;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** With a status, everything is answered as by a proxy behind which the server is away. */
  cut(status?: number): void {
    this.#cut = true;
    const page = `<!doctype html><title>${status}</title><h1>Bad gateway</h1>`;
    const head = [
      `HTTP/1.1 ${status} Away`,
      'Content-Type: text/html',
      `Content-Length: ${page.length}`,
      'Connection: close',
    ];
    this.#answer = status ? `${head.join('\r\n')}\r\n\r\n${page}` : '';
    for (const one of this.#open) {
      one.destroy();
    }
  }

  mend(): void {
    this.#cut = false;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}
