import { decodeId, encodeId } from '@quantumroute/schema/ids';

import type { LivePosition } from '../timing/live-eta.ts';
import { nextStopEta } from '../timing/live-eta.ts';
import { loaded } from './loaded.ts';
import type {
  DepotResolvers,
  DriverResolvers,
  PartnerResolvers,
  VehicleResolvers,
} from './schema-types.ts';

export const depot: DepotResolvers = {
  __resolveReference({ id }) {
    const depotId = decodeId('depot', id);
    return depotId === null ? null : { depotId };
  },
  id: ({ depotId }) => encodeId('depot', depotId),
  plan: ({ depotId }, { date }, { loaders }) => loaders.plansOfDays.load({ depotId, date }),
};

export const partner: PartnerResolvers = {
  id: ({ partnerId }) => encodeId('partner', partnerId),
};

export const driver: DriverResolvers = {
  __resolveReference({ id }) {
    const driverId = decodeId('driver', id);
    return driverId === null ? null : { driverId };
  },
  id: ({ driverId }) => encodeId('driver', driverId),
  displayName: ({ displayName }) => provided('Driver.displayName', displayName),
  routeOn({ driverId }, { date }, { loaders, identity }) {
    // A driver's token opens its own day only.
    if (identity.kind === 'driver' && identity.driverId !== driverId) return null;
    return loaders.routesOfDriver.load({ parentId: driverId, arguments: { date } });
  },
};

export const vehicle: VehicleResolvers = {
  __resolveReference(reference) {
    const vehicleId = decodeId('vehicle', reference.id);
    return vehicleId === null ? null : { vehicleId, position: positionOf(reference) };
  },
  id: ({ vehicleId }) => encodeId('vehicle', vehicleId),
  displayName: ({ displayName }) => provided('Vehicle.displayName', displayName),
  registrationPlate: ({ registrationPlate }) =>
    provided('Vehicle.registrationPlate', registrationPlate),
  activeRoute: ({ vehicleId }, _args, { loaders }) => loaders.activeRoutes.load(vehicleId),
  async nextStopEta({ vehicleId, position = null }, _args, { loaders }) {
    const route = await loaders.activeRoutes.load(vehicleId);
    if (route === null) return null;
    const [timing, profile] = await Promise.all([
      loaded(loaders.timings, route.id),
      loaders.vehicleProfiles.load(vehicleId),
    ]);
    const plannedStartMs = route.plannedStart.getTime();
    return nextStopEta(timing, position, { profile: profile ?? 'VAN', plannedStartMs });
  },
};

/** Fleet owns these fields; here they exist only as copies that a route provides. */
function provided(field: string, copy: string | undefined): string {
  if (copy === undefined) throw new Error(`${field} was asked for where no route provides it`);
  return copy;
}

/** The gateway sends the position along when `nextStopEta` needs it; null when there is none. */
function positionOf(reference: object): LivePosition | null {
  if (!('position' in reference) || !isPosition(reference.position)) return null;
  const { point, recordedAt, isStale } = reference.position;
  return { point, recordedAtMs: new Date(recordedAt).getTime(), isStale };
}

type SentPosition = Omit<LivePosition, 'recordedAtMs'> & { recordedAt: string | number | Date };

function isPosition(position: unknown): position is SentPosition {
  return (
    typeof position === 'object' &&
    position !== null &&
    'point' in position &&
    'recordedAt' in position &&
    'isStale' in position
  );
}
