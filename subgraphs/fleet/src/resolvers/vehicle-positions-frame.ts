import type { VehiclePositionsFrameResolvers } from './schema-types.ts';

export const VehiclePositionsFrame: VehiclePositionsFrameResolvers = {
  vehicles: async ({ vehicleIds }, _, { loaders }) => {
    const vehicles = await Promise.all(vehicleIds.map((id) => loaders.vehicle.load(id)));
    return vehicles.filter((vehicle) => vehicle !== null);
  },
};
