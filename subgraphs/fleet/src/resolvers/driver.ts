import { encodeId } from '@quantumroute/schema/ids';
import { driverShiftPage } from '../actions/list-shifts.ts';
import { found } from './found.ts';
import { referenced } from './reference.ts';
import type { DriverResolvers } from './schema-types.ts';

export const Driver: DriverResolvers = {
  __resolveReference: ({ id }, { loaders }) => referenced('driver', id, loaders.driver),
  id: ({ id }) => encodeId('driver', id),
  homeDepot: async ({ homeDepotId }, _, { loaders }) =>
    found(await loaders.depot.load(homeDepotId), 'depot'),
  currentVehicle: async ({ id }, _, { loaders }) => {
    const shift = await loaders.currentShiftOfDriver.load(id);
    return shift?.vehicleId ? loaders.vehicle.load(shift.vehicleId) : null;
  },
  currentShift: ({ id }, _, { loaders }) => loaders.currentShiftOfDriver.load(id),
  shifts: ({ id }, args, context) => driverShiftPage(context, id, args),
};
