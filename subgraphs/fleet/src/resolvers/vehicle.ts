import { encodeId } from '@quantumroute/schema/ids';
import { positionPage } from '../actions/list-positions.ts';
import { connectivityOf } from '../tracking/connectivity.ts';
import { found } from './found.ts';
import { operatingCostOf } from './operating-cost.ts';
import { referenced } from './reference.ts';
import type { VehicleResolvers } from './schema-types.ts';

export const Vehicle: VehicleResolvers = {
  __resolveReference: ({ id }, { loaders }) => referenced('vehicle', id, loaders.vehicle),
  id: ({ id }) => encodeId('vehicle', id),
  connectivity: async ({ id, organizationId }, _, { loaders }) => {
    const [position, organization] = await Promise.all([
      loaders.latestPosition.load(id),
      loaders.organization.load(organizationId),
    ]);
    const { staleAfterSeconds } = found(organization, 'organization');
    return connectivityOf({ ageSeconds: position?.ageSeconds ?? null, staleAfterSeconds });
  },
  homeDepot: async ({ homeDepotId }, _, { loaders }) =>
    found(await loaders.depot.load(homeDepotId), 'depot'),
  capacity: ({ capacityWeightKg, capacityVolumeM3, capacityParcels }) => ({
    weightKg: capacityWeightKg,
    volumeM3: capacityVolumeM3,
    parcels: capacityParcels ?? null,
  }),
  operatingCost: async (vehicle, _, { loaders }) =>
    operatingCostOf(
      vehicle,
      found(await loaders.organization.load(vehicle.organizationId), 'organization'),
    ),
  emissionProfile: async ({ id, consumptionPer100Km }, _, { loaders }) => ({
    ...found(await loaders.emissionProfile.load(id), 'emission profile'),
    consumptionPer100Km: consumptionPer100Km ?? null,
  }),
  currentDriver: async ({ id }, _, { loaders }) => {
    const shift = await loaders.currentShiftOfVehicle.load(id);
    return shift && loaders.driver.load(shift.driverId);
  },
  currentShift: ({ id }, _, { loaders }) => loaders.currentShiftOfVehicle.load(id),
  position: ({ id }, _, { loaders }) => loaders.latestPosition.load(id),
  positions: ({ id }, args, context) => positionPage(context, id, args),
};
