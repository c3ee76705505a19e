import { watchVehicles } from '../actions/watch-vehicles.ts';
import type { PositionsFrame } from '../live/watch-positions.ts';
import type { SubscriptionResolvers } from './schema-types.ts';

export const Subscription: SubscriptionResolvers = {
  vehiclePositions: {
    subscribe: (_, args, context) => watchVehicles(context, args),
    resolve: (frame: PositionsFrame) => frame,
  },
};
