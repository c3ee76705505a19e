import { organizationOf } from '@quantumroute/ops/identity';
import { depotPage } from '../actions/list-depots.ts';
import { driverPage } from '../actions/list-drivers.ts';
import { vehiclePage } from '../actions/list-vehicles.ts';
import { readCredential } from '../actions/read-credential.ts';
import { referenced } from './reference.ts';
import type { QueryResolvers } from './schema-types.ts';

export const Query: QueryResolvers = {
  viewer: (_, _args, { identity }) => ({
    organizationId: organizationOf(identity),
    partnerId: identity.partnerId,
    scopes: identity.scopes,
  }),
  me: (_, _args, { identity, loaders }) =>
    identity.driverId === null ? null : loaders.driver.load(identity.driverId),
  depot: (_, { id }, { loaders }) => referenced('depot', id, loaders.depot),
  depots: (_, args, context) => depotPage(context, args),
  vehicle: (_, { id }, { loaders }) => referenced('vehicle', id, loaders.vehicle),
  vehicles: (_, args, context) => vehiclePage(context, args),
  driver: (_, { id }, { loaders }) => referenced('driver', id, loaders.driver),
  drivers: (_, args, context) => driverPage(context, args),
  partnerCredential: (_, { keySha256 }, context) => readCredential(context, keySha256),
};
