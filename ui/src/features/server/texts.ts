// The texts of this feature.
import { texts } from '../../i18n';
import { t as account } from '../account/texts';
import { t as invites } from '../invites/texts';
import { en } from './texts.en';

export const t = texts(
  en,
  () => import('./texts.zh-Hans'),
  () => ({ ...account(), ...invites() }),
);
