import { encodeId } from '@quantumroute/schema/ids';
import { depotVehiclePage } from '../actions/list-vehicles.ts';
import { referenced } from './reference.ts';
import type { DepotResolvers } from './schema-types.ts';

export const Depot: DepotResolvers = {
  __resolveReference: ({ id }, { loaders }) => referenced('depot', id, loaders.depot),
  id: ({ id }) => encodeId('depot', id),
  location: ({ latitude, longitude }) => ({ latitude, longitude }),
  vehicles: ({ id }, args, context) => depotVehiclePage(context, id, args),
};
