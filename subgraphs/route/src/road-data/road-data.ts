import type { Logger } from '@quantumroute/ops/log';
import type { Metrics } from '@quantumroute/ops/metrics';
import { Counter } from 'prom-client';

import type { VehicleProfile } from '../planning/travel/vehicle-profile.ts';
import type { RoadNetwork } from './road-network.ts';
import type { TableQuestion } from './road-provider.ts';
import type { Segments } from './segments.ts';

/** What is known of the roads. A router that fails costs precision, never an answer. */
export type RoadData = {
  /** Whether there may be more to know than the straight line. */
  knowsRoads(profile: VehicleProfile): boolean;
  /**
   * Every leg from each origin to each destination; null when all of them have to be estimated,
   * because nothing is known or not all of it came before `until` was aborted. A table that is part road
   * and part straight line would make some places look nearer than others. Rejects only with the
   * signal's reason.
   */
  table(question: TableQuestion, options: TableOptions): Promise<Segments | null>;
};

/** `signal`: nobody wants the answer any more. `until`: the answer is wanted now, estimated if need be. */
export type TableOptions = { signal: AbortSignal; until: AbortSignal };

export function createRoadData({
  network,
  log,
  metrics,
}: {
  /** null: nothing is known. */
  network: (RoadNetwork & Pick<RoadData, 'knowsRoads'>) | null;
  log: Logger;
  metrics: Metrics;
}): RoadData {
  const tables = new Counter({
    name: 'quantumroute_road_tables_total',
    help: 'Tables of times and distances: from the roads, or estimated because these failed',
    labelNames: ['source'],
    registers: [metrics.registry],
  });
  return {
    knowsRoads: (profile) => network?.knowsRoads(profile) ?? false,
    async table(question, { signal, until }) {
      signal.throwIfAborted();
      if (!network?.knowsRoads(question.profile)) return null;
      try {
        const limit = AbortSignal.any([signal, until]);
        const segments = await network.table(question, { signal: limit });
        tables.inc({ source: 'roads' });
        return segments;
      } catch (error) {
        signal.throwIfAborted();
        log.warn({ err: error, profile: question.profile }, 'road data failed, legs are estimated');
        tables.inc({ source: 'estimate' });
        return null;
      }
    },
  };
}
