// What the kit says, and the words that fit every feature.
import { texts } from '../i18n';
import { en } from './texts.en';

export const t = texts(en, () => import('./texts.zh-Hans'));
