import { watchAlerts } from '../actions/watch-alerts.ts';
import { watchVehicles } from '../actions/watch-vehicles.ts';
import type { PositionsFrame } from '../live/watch-positions.ts';
import type { VehicleAlert } from '../storage/stores/alerts.ts';
import type { SubscriptionResolvers } from './schema-types.ts';

export const Subscription: SubscriptionResolvers = {
  vehiclePositions: {
    subscribe: (_, args, context) => watchVehicles(context, args),
    resolve: (frame: PositionsFrame) => frame,
  },
  vehicleAlerts: {
    subscribe: (_, { depotId }, context) => watchAlerts(context, depotId),
    resolve: (alert: VehicleAlert) => alert,
  },
};
