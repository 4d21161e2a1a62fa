// The button beside the person's name while the server stays away.
import { RotateCw } from 'lucide';
import { IconButton } from '../../kit/Button';
import { reconnectNow } from './actions';
import { t } from './texts';

export function Retry() {
  return <IconButton icon={RotateCw} label={t().retryNow} onClick={reconnectNow} />;
}
