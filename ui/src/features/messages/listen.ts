// Says so when the server refuses a message, also while its room is not on the screen.
import { failureText, t } from '../../i18n';
import { announce } from '../../kit/announce';
import { onRefused } from '../../sync/sender';

onRefused((code) => announce(t().notSentWhy(failureText({ code })), true));
