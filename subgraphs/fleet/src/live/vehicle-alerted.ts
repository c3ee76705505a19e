import type { LoggedEvents } from '@quantumroute/ops/organization-events';
import { isUuid } from '@quantumroute/schema/ids';

/** Says that there is an alert. It carries none of it: readers load the row. */
export type VehicleAlerted = {
  organizationId: string;
  alertId: string;
  /** Of the vehicle. */
  homeDepotId: string;
};

/** The last alerts of each organization; an alert never changes. */
export const VEHICLE_ALERTED: LoggedEvents<VehicleAlerted> = {
  channelOf(prefix, organizationId) {
    if (isUuid(organizationId)) return `${prefix}vehicle-alerted:organization:${organizationId}`;
    throw new TypeError(`A channel needs a UUID, got ${JSON.stringify(organizationId)}`);
  },
  read(message) {
    try {
      const value: unknown = JSON.parse(message);
      return isVehicleAlerted(value) ? value : null;
    } catch {
      return null;
    }
  },
  keyOf: ({ alertId }) => alertId,
  versionOf: () => 1,
};

function isVehicleAlerted(value: unknown): value is VehicleAlerted {
  if (typeof value !== 'object' || value === null) return false;
  const { organizationId, alertId, homeDepotId } = value as Record<string, unknown>;
  return [organizationId, alertId, homeDepotId].every((id) => typeof id === 'string' && isUuid(id));
}
