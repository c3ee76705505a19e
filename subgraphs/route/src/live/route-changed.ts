import type { OrganizationEvents } from '@quantumroute/ops/organization-events';
import { isUuid } from '@quantumroute/schema/ids';

/** Says that something of an organization's days has changed: what it was is in the change log. */
export type RouteChanged = { organizationId: string };

/** On a channel of its own for each organization; messages are JSON. */
export const ROUTE_CHANGED: OrganizationEvents<RouteChanged> = {
  channelOf(prefix, organizationId) {
    if (isUuid(organizationId)) return `${prefix}route-changed:organization:${organizationId}`;
    throw new TypeError(`A channel needs a UUID, got ${JSON.stringify(organizationId)}`);
  },
  read(message) {
    try {
      const value: unknown = JSON.parse(message);
      return isRouteChanged(value) ? value : null;
    } catch {
      return null;
    }
  },
};

function isRouteChanged(value: unknown): value is RouteChanged {
  if (typeof value !== 'object' || value === null) return false;
  const { organizationId } = value as Record<string, unknown>;
  return typeof organizationId === 'string' && isUuid(organizationId);
}
