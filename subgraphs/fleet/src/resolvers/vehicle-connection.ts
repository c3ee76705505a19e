import { vehicleCount } from '../actions/list-vehicles.ts';
import type { VehicleConnectionResolvers } from './schema-types.ts';

export const VehicleConnection: VehicleConnectionResolvers = {
  count: (connection, { upTo }) => vehicleCount(connection, upTo),
};
