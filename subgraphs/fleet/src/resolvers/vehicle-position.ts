import { found } from './found.ts';
import type { VehiclePositionResolvers } from './schema-types.ts';

export const VehiclePosition: VehiclePositionResolvers = {
  point: ({ latitude, longitude }) => ({ latitude, longitude }),
  isStale: async ({ ageSeconds, organizationId }, _, { loaders }) => {
    const organization = await loaders.organization.load(organizationId);
    return ageSeconds >= found(organization, 'organization').staleAfterSeconds;
  },
};
