import { encodeId } from '@quantumroute/schema/ids';
import { found } from './found.ts';
import type { VehicleAlertResolvers } from './schema-types.ts';

export const VehicleAlert: VehicleAlertResolvers = {
  id: ({ id }) => encodeId('alert', id),
  vehicle: async ({ vehicleId }, _, { loaders }) =>
    found(await loaders.vehicle.load(vehicleId), 'vehicle'),
  depot: ({ depotId }, _, { loaders }) => (depotId === null ? null : loaders.depot.load(depotId)),
  point: ({ latitude, longitude }) => ({ latitude, longitude }),
};
