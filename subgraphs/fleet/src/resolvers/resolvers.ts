import { scalars } from '@quantumroute/schema/scalars';
import { Depot } from './depot.ts';
import { Driver } from './driver.ts';
import { Mutation } from './mutation.ts';
import { Organization } from './organization.ts';
import { Partner } from './partner.ts';
import { Query } from './query.ts';
import type { Resolvers } from './schema-types.ts';
import { Shift } from './shift.ts';
import { Subscription } from './subscription.ts';
import { VehicleAlert } from './vehicle-alert.ts';
import { VehicleConnection } from './vehicle-connection.ts';
import { VehiclePositionsFrame } from './vehicle-positions-frame.ts';
import { VehiclePosition } from './vehicle-position.ts';
import { Vehicle } from './vehicle.ts';
import { Viewer } from './viewer.ts';

export const resolvers: Resolvers = {
  ...scalars,
  Query,
  Mutation,
  Subscription,
  Viewer,
  Organization,
  Partner,
  Depot,
  Vehicle,
  VehicleAlert,
  VehicleConnection,
  VehiclePosition,
  VehiclePositionsFrame,
  Driver,
  Shift,
};
