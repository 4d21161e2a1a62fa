// What more than one feature says: labels that lead to another feature, and why something did not work.
import { texts } from '../../i18n';
import { t as kit } from '../../kit/texts';
import { en } from './texts.en';

export const t = texts(en, () => import('./texts.zh-Hans'), kit);
