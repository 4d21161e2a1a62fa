// A program with a token, which speaks to the server over HTTP.
import type { NewNotification, NewToken, NotificationSent, Token } from '../../src/net/types';
import type { Account } from './account';
import type { ParleyServer } from './server';

export class Program {
  constructor(
    readonly server: ParleyServer,
    readonly token: string,
  ) {}

  /** An owner or admin makes the program. */
  static async madeBy(host: Account, more: Partial<NewToken> = {}): Promise<Program> {
    const form: NewToken = { bot: 'shop', display_name: 'The Shop', scopes: ['notify'], ...more };
    const made = await host.ask<Token>('POST', '/tokens', form);
    return new Program(host.server, made.token ?? '');
  }

  ask(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.server.api}/api${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${this.token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async notifies(
    to: readonly Account[],
    title: string,
    more: Partial<NewNotification> = {},
  ): Promise<NotificationSent> {
    const names = to.map((one) => one.user.name);
    const answer = await this.ask('POST', '/notifications', { to: names, title, key: title, ...more });
    if (!answer.ok) {
      throw new Error(`POST /notifications: ${answer.status} ${await answer.text()}`);
    }
    return answer.json() as Promise<NotificationSent>;
  }
}
