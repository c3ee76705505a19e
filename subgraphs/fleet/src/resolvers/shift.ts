import { encodeId } from '@quantumroute/schema/ids';
import { found } from './found.ts';
import { referenced } from './reference.ts';
import type { ShiftResolvers } from './schema-types.ts';

export const Shift: ShiftResolvers = {
  __resolveReference: ({ id }, { loaders }) => referenced('shift', id, loaders.shift),
  id: ({ id }) => encodeId('shift', id),
  driver: async ({ driverId }, _, { loaders }) =>
    found(await loaders.driver.load(driverId), 'driver'),
  vehicle: ({ vehicleId }, _, { loaders }) => (vehicleId ? loaders.vehicle.load(vehicleId) : null),
  planned: ({ plannedStart, plannedEnd }) => ({ start: plannedStart, end: plannedEnd }),
};
