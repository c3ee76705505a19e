import type { OrganizationEvents } from '@quantumroute/ops/organization-events';
import { isUuid } from '@quantumroute/schema/ids';

/** Says that vehicles of an organization have moved: which ones, the rows tell. */
export type VehicleMoved = { organizationId: string };

/** On a channel of its own for each organization; messages are JSON. */
export const VEHICLE_MOVED: OrganizationEvents<VehicleMoved> = {
  channelOf(prefix, organizationId) {
    if (isUuid(organizationId)) return `${prefix}vehicle-moved:organization:${organizationId}`;
    throw new TypeError(`A channel needs a UUID, got ${JSON.stringify(organizationId)}`);
  },
  read(message) {
    try {
      const value: unknown = JSON.parse(message);
      return isVehicleMoved(value) ? value : null;
    } catch {
      return null;
    }
  },
};

function isVehicleMoved(value: unknown): value is VehicleMoved {
  if (typeof value !== 'object' || value === null) return false;
  const { organizationId } = value as Record<string, unknown>;
  return typeof organizationId === 'string' && isUuid(organizationId);
}
