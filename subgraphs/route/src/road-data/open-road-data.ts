import type { Logger } from '@quantumroute/ops/log';
import type { Metrics } from '@quantumroute/ops/metrics';
import { closeRedis, openRedis, redisKey } from '@quantumroute/ops/redis';

import type { RouteConfig } from '../config.ts';
import { createOsrm } from './osrm.ts';
import { createRoadClient } from './road-client.ts';
import { createRoadData } from './road-data.ts';
import type { RoadData } from './road-data.ts';
import { createRoadNetwork } from './road-network.ts';
import { createSegmentCache } from './segment-cache.ts';
import { osrmProfilesIn } from './settings.ts';
import { createValhalla } from './valhalla.ts';

/** What the settings ask for; `stack` gets what has to be closed. With the estimate nothing is opened. */
export function openRoadData(
  stack: AsyncDisposableStack,
  { config, log, metrics }: { config: RouteConfig; log: Logger; metrics: Metrics },
): RoadData {
  const { ROUTE_ROAD_PROVIDER: kind, ROUTE_ROAD_URL: url } = config;
  if (kind === 'estimate' || url === undefined) {
    return createRoadData({ network: null, log, metrics });
  }
  const client = createRoadClient({
    url,
    timeoutMs: config.ROUTE_ROAD_TIMEOUT_MS,
    concurrency: config.ROUTE_ROAD_CONCURRENCY,
    metrics,
  });
  const provider =
    kind === 'osrm'
      ? createOsrm(client, osrmProfilesIn(config.ROUTE_ROAD_OSRM_PROFILES) ?? {})
      : createValhalla(client);
  const network = createRoadNetwork({
    provider,
    cache: openCache(stack, { config, log, metrics }),
    version: config.ROUTE_ROAD_VERSION,
    maxCoordinates: config.ROUTE_ROAD_MAX_COORDINATES,
    concurrency: config.ROUTE_ROAD_CONCURRENCY,
    followsTraffic: config.ROUTE_ROAD_TRAFFIC && kind === 'valhalla',
  });
  const knowsRoads: RoadData['knowsRoads'] = (profile) => provider.profileName(profile) !== null;
  return createRoadData({ network: { ...network, knowsRoads }, log, metrics });
}

function openCache(
  stack: AsyncDisposableStack,
  { config, log, metrics }: { config: RouteConfig; log: Logger; metrics: Metrics },
) {
  const url = config.ROUTE_ROAD_CACHE_URL ?? config.REDIS_URL;
  const redis = openRedis({ url, log, role: 'commands' });
  stack.defer(() => closeRedis(redis));
  return createSegmentCache({
    redis,
    prefix: redisKey(config.REDIS_PREFIX, 'route', 'leg', ''),
    ttlSeconds: config.ROUTE_ROAD_CACHE_SECONDS,
    metrics,
  });
}
