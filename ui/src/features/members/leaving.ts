// Rooms that are being left here: of these nobody has to be told.
import type { RoomID } from '../../net/types';
import { perSession } from '../../perSession';

export const leavingRooms = perSession(() => new Set<RoomID>());
