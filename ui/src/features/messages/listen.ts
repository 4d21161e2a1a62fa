// Tells screen readers when the server refuses a message, even if its room is not open.

import { announce } from '../../kit/announce';
import { onRefused } from '../../sync/sender';
import { failureText } from '../words/failures';
import { t } from './texts';

onRefused((code) => announce(t().notSentWhy(failureText({ code })), true));
