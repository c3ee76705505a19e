import type { EntityManager } from '@mikro-orm/postgresql';
import type DataLoader from 'dataloader';

import type { Identity } from '@quantumroute/ops/identity';
import { createLoader } from '@quantumroute/ops/loader';
import type { Metrics } from '@quantumroute/ops/metrics';

import type { Tiles } from '../actions/measure-kpis.ts';
import { viewerOf } from '../actions/viewer.ts';
import { readSamples } from '../experiments/read-samples.ts';
import type { Samples } from '../experiments/sample.ts';
import type { Asked } from '../figures/measure-each.ts';
import type { Query } from '../figures/measure.ts';
import type { DriverScorecard, RoutePerformance, ServiceLevel } from '../resolvers/schema-types.ts';
import { queryBy } from '../storage/query-by.ts';
import type { Viewer } from '../storage/report-queries.ts';
import type { KpiSubject } from './kpis.ts';
import { readKpis } from './kpis.ts';
import type { RouteOfDay } from './performances.ts';
import { readPerformances } from './performances.ts';
import { readScorecards } from './scorecards.ts';
import { readServiceLevels } from './service-levels.ts';
import type { VehicleNumbers } from './vehicle-numbers.ts';
import { readVehicleNumbers } from './vehicle-numbers.ts';

/** What is told about objects of other rooms, each as far as the caller may see it. */
export type SubjectLoaders = {
  readonly kpis: DataLoader<KpiSubject, Tiles | null>;
  readonly vehicleNumbers: DataLoader<Asked, VehicleNumbers | null>;
  readonly scorecard: DataLoader<Asked, DriverScorecard | null>;
  readonly serviceLevel: DataLoader<Asked, ServiceLevel | null>;
  readonly performance: DataLoader<RouteOfDay, RoutePerformance | null>;
  /** What the depot-days of an experiment came to, by its UUID. */
  readonly samples: DataLoader<string, Samples | null>;
};

type Parts = { readonly identity: Identity; readonly metrics: Metrics };

/** One loader for each kind of number, for one operation. */
export function createSubjectLoaders(
  em: EntityManager,
  { identity, metrics }: Parts,
): SubjectLoaders {
  const loader = <K, V>(name: string, read: Read<K, V>) =>
    createLoader<K, V>({
      name,
      metrics,
      cacheKey: (key) => JSON.stringify(key),
      batch: (keys) => read(queryBy(em.fork()), viewerOf(identity), keys),
    });
  return {
    kpis: loader('kpis', readKpis),
    vehicleNumbers: loader('vehicleNumbers', ofOperator(readVehicleNumbers)),
    scorecard: loader('scorecard', ofOperator(readScorecards)),
    serviceLevel: loader('serviceLevel', readServiceLevels),
    performance: loader('performance', ofOperator(readPerformances)),
    samples: loader('samples', ofOperator(readSamples)),
  };
}

type Read<K, V> = (query: Query, viewer: Viewer, keys: readonly K[]) => Promise<(V | null)[]>;

/** Vehicles, drivers, routes and experiments serve several partners: nothing of theirs is one partner's. */
function ofOperator<K, V>(
  read: (query: Query, organizationId: string, keys: readonly K[]) => Promise<(V | null)[]>,
): Read<K, V> {
  return async (query, { organizationId, partnerId }, keys) =>
    partnerId === null ? read(query, organizationId, keys) : keys.map(() => null);
}
