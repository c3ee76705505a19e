import type { Identity } from '@quantumroute/ops/identity';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { Postgres } from '@quantumroute/ops/postgres';
import type { SubgraphRequest } from '@quantumroute/ops/subgraph-server';
import type { EntityManager } from '@mikro-orm/postgresql';

import type { RouteLive } from './live/route-live.ts';
import { createLoaders } from './loaders.ts';
import type { Loaders } from './loaders.ts';
import type { RoadData } from './road-data/road-data.ts';
import type { RunRoom } from './runs/run-room.ts';
import type { OfferTokens } from './slots/offer-token.ts';
import { scopeOf } from './storage/tenant-scope.ts';
import type { TenantScope } from './storage/tenant-scope.ts';

/** What the whole process shares. */
export type RouteParts = {
  readonly postgres: Postgres;
  readonly metrics: Metrics;
  readonly roadData: RoadData;
  readonly runs: RunRoom;
  readonly live: RouteLive;
  readonly offerTokens: OfferTokens;
  /** Origin of tracking links. */
  readonly publicUrl: string;
};

/** What one request carries. */
export type RouteContext = RouteParts & {
  readonly identity: Identity;
  readonly signal: AbortSignal;
  /** One instant for the whole answer, so that its figures agree with each other. */
  readonly nowMs: number;
  readonly em: EntityManager;
  /** Throws FORBIDDEN for callers who belong to no organization. */
  scope(): TenantScope;
  loaders: Loaders;
  /** After a write: what was loaded before it is not true any more. */
  forgetLoaded(): void;
};

export function createContext(
  parts: RouteParts,
  { identity, signal }: SubgraphRequest,
): RouteContext {
  const em = parts.postgres.fork();
  const nowMs = Date.now();
  const scope = () => scopeOf(identity);
  const freshLoaders = () => createLoaders({ em, scope, nowMs, metrics: parts.metrics });
  return {
    ...parts,
    identity,
    signal,
    nowMs,
    em,
    scope,
    loaders: freshLoaders(),
    forgetLoaded() {
      this.loaders = freshLoaders();
    },
  };
}
