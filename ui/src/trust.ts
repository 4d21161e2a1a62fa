// The only file that turns a string into markup or into a script's address. The markup is that of messages,
// which the server has rendered and sanitized.

import { directed } from './i18n/direction';

interface Rules {
  createHTML(text: string): string;
  createScriptURL(text: string): string;
}
interface PolicyFactory {
  createPolicy(name: string, rules: Rules): Rules;
}

const own: Rules = {
  createHTML: (text) => text,
  createScriptURL: (text) => {
    if (text !== '/sw.js') {
      throw new TypeError('not our script');
    }
    return text;
  },
};
const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
const policy = factory ? factory.createPolicy('parley', own) : own;

/** Props for an element that shows a message's HTML, as sanitized by the server, and gives each block its direction. */
export function messageHTML(html: string): { dangerouslySetInnerHTML: { __html: string } } {
  return { dangerouslySetInnerHTML: { __html: policy.createHTML(directed(html)) } };
}

/** The service worker's address, for navigator.serviceWorker.register. */
export function workerURL(): string {
  return policy.createScriptURL('/sw.js');
}
