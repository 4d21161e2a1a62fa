// Texts that several features use: names of dialogs and pages that they open, and failures.
import { texts } from '../../i18n';
import { t as kit } from '../../kit/texts';
import { en } from './texts.en';

export const t = texts(en, () => import('./texts.zh-Hans'), kit);
