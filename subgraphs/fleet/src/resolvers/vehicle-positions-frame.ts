import type { VehiclePositionsFrameResolvers } from './schema-types.ts';

export const VehiclePositionsFrame: VehiclePositionsFrameResolvers = {
  vehicles: async ({ positions }, _, { loaders }) => {
    for (const position of positions) loaders.latestPosition.prime(position.vehicleId, position);
    const vehicles = await Promise.all(
      positions.map(({ vehicleId }) => loaders.vehicle.load(vehicleId)),
    );
    return vehicles.filter((vehicle) => vehicle !== null);
  },
};
