// Rooms that the person is leaving in this tab. No message says that they are gone.
import type { RoomID } from '../../net/types';
import { perSession } from '../../perSession';

export const leavingRooms = perSession(() => new Set<RoomID>());
