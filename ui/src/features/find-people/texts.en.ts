// English, and the type of the other languages. Functions take arguments; plural picks a form by number.
import { formatNumber, plural } from '../../i18n/format';

export const en = {
  directSearch: 'Find people',
  directMost: (n: number) => `At most ${formatNumber(n)} other people.`,
  picked: (n: number) => plural(n, { one: `${formatNumber(n)} picked`, other: `${formatNumber(n)} picked` }),
  removePick: (name: string) => `Remove ${name}`,
  you: 'you',
  waitingFor: (names: string) => `Waiting for ${names} to accept.`,
};
