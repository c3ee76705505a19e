import type { FitOptionResolvers } from './schema-types.ts';

export const fitOption: FitOptionResolvers = {
  vehicle: ({ vehicleId }) => ({ vehicleId }),
  marginalCost: ({ marginalCost, currency }) => ({ amount: marginalCost.toFixed(2), currency }),
  marginalDistanceMeters: ({ meters }) => Math.max(0, meters),
};
