// Tells screen readers when the server refuses a message, even if its room is not open.

import { onRefused } from '../../sync/sender';
import { announceFailure } from '../failures/tell';
import { t } from './texts';

onRefused((code) => void announceFailure({ code }, (why) => t().notSentWhy(why)));
