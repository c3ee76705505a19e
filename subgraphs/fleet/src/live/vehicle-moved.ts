import type { OrganizationEvents } from '@quantumroute/ops/organization-events';
import { isUuid } from '@quantumroute/schema/ids';

/** Says that a vehicle has a newer position. It carries none of it: readers load the row. */
export type VehicleMoved = {
  organizationId: string;
  vehicleId: string;
  /** The device's clock at the newest position: an event that is not newer is old news. */
  recordedAtMs: number;
};

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
  const { organizationId, vehicleId, recordedAtMs } = value as Record<string, unknown>;
  return isUuidValue(organizationId) && isUuidValue(vehicleId) && Number.isFinite(recordedAtMs);
}

function isUuidValue(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}
