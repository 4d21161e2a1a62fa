// The texts of this feature.
import { texts } from '../../i18n';
import { t as words } from '../words/texts';
import { en } from './texts.en';

export const t = texts(en, () => import('./texts.zh-Hans'), words);
