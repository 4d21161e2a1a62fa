// The pages of those who look after people: everyone's accounts, and the audit log.
import { route } from '../../router';
import { Audit } from '../audit/Audit';
import { People } from './People';

export function Accounts() {
  return route.value.name === 'audit' ? <Audit /> : <People />;
}
