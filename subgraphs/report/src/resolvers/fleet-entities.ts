import type { IdType } from '@quantumroute/schema/ids';
import { decodeId } from '@quantumroute/schema/ids';

import { checkPeriod } from '../actions/check-period.ts';
import type { Asked } from '../figures/measure-each.ts';
import type { Period } from '../figures/period.ts';
import type {
  DepotResolvers,
  DriverResolvers,
  OrganizationResolvers,
  PartnerResolvers,
  VehicleResolvers,
} from './schema-types.ts';

export const organization: OrganizationResolvers = {
  kpis: ({ id }, { period }, { loaders }) => {
    const asked = askedOf('organization', id, period);
    return asked && loaders.kpis.load({ by: 'organization', ...asked });
  },
};

export const depot: DepotResolvers = {
  kpis: ({ id }, { period }, { loaders }) => {
    const asked = askedOf('depot', id, period);
    return asked && loaders.kpis.load({ by: 'depot', ...asked });
  },
};

export const partner: PartnerResolvers = {
  serviceLevel: ({ id }, { period }, { loaders }) => {
    const asked = askedOf('partner', id, period);
    return asked && loaders.serviceLevel.load(asked);
  },
};

export const vehicle: VehicleResolvers = {
  utilization: async ({ id }, { period }, { loaders }) => {
    const asked = askedOf('vehicle', id, period);
    return (asked && (await loaders.vehicleNumbers.load(asked)))?.utilization ?? null;
  },
  emissions: async ({ id }, { period }, { loaders }) => {
    const asked = askedOf('vehicle', id, period);
    return (asked && (await loaders.vehicleNumbers.load(asked)))?.emissions ?? null;
  },
};

export const driver: DriverResolvers = {
  scorecard: ({ id }, { period }, { loaders }) => {
    const asked = askedOf('driver', id, period);
    return asked && loaders.scorecard.load(asked);
  },
};

function askedOf(type: IdType, encoded: string, { from, to }: Period): Asked | null {
  const period = checkPeriod({ from, to });
  const id = decodeId(type, encoded);
  return id === null ? null : { id, period };
}
