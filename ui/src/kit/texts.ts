// The texts of the kit, and common words for all features.
import { texts } from '../i18n';
import { en } from './texts.en';

export const t = texts(en, () => import('./texts.zh-Hans'));
