// Says so when the server refuses a message, also while its room is not on the screen.

import { announce } from '../../kit/announce';
import { onRefused } from '../../sync/sender';
import { failureText } from '../words/failures';
import { t } from './texts';

onRefused((code) => announce(t().notSentWhy(failureText({ code })), true));
