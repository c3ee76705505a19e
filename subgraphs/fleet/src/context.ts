import type { EntityManager } from '@mikro-orm/postgresql';
import type { Identity } from '@quantumroute/ops/identity';
import { organizationOf } from '@quantumroute/ops/identity';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { FleetLive } from './live/fleet-live.ts';
import type { FleetLoaders } from './loaders.ts';
import { createLoaders } from './loaders.ts';
import type { Tenant } from './storage/tenant.ts';

/** What one request carries. */
export type FleetContext = {
  identity: Identity;
  em: EntityManager;
  loaders: FleetLoaders;
  live: FleetLive;
  /** The caller's organization and the unit of work; throws FORBIDDEN for a caller without one. */
  tenant(): Tenant;
  /** Forgets what was read, so that the answer of a mutation shows what it wrote. */
  forgetReads(): void;
};

export function createFleetContext({
  identity,
  em,
  live,
  metrics,
}: {
  identity: Identity;
  em: EntityManager;
  live: FleetLive;
  metrics: Metrics;
}): FleetContext {
  const tenant = () => ({ em, organizationId: organizationOf(identity) });
  const freshLoaders = () => createLoaders({ tenant, identity, metrics });
  const context: FleetContext = {
    identity,
    em,
    live,
    loaders: freshLoaders(),
    tenant,
    forgetReads() {
      em.clear();
      context.loaders = freshLoaders();
    },
  };
  return context;
}
