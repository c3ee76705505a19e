import { ConfigError, setting } from '@quantumroute/ops/config';

import { VEHICLE_PROFILES } from '../planning/travel/vehicle-profile.ts';
import type { VehicleProfile } from '../planning/travel/vehicle-profile.ts';
import type { OsrmProfiles } from './osrm.ts';

export const roadDataSettings = {
  ROUTE_ROAD_PROVIDER: setting
    .oneOf(['estimate', 'osrm', 'valhalla'], 'estimate')
    .describe('Where times and distances come from; `estimate` calls nobody'),
  ROUTE_ROAD_URL: setting
    .url()
    .refine((url) => /^https?:/i.test(url), { error: 'needs an http(s) URL' })
    .optional()
    .describe('The routing server of `osrm` or `valhalla`'),
  ROUTE_ROAD_VERSION: setting
    .text('1')
    .describe('Names the road data; with another name nothing remembered counts any more'),
  ROUTE_ROAD_OSRM_PROFILES: setting
    .text('CAR=driving,VAN=driving,RIGID_TRUCK=driving,ARTICULATED_TRUCK=driving')
    .refine((text) => osrmProfilesIn(text) !== null, {
      error: `needs pairs such as CAR=driving of ${VEHICLE_PROFILES.join(', ')}`,
    })
    .describe('What OSRM’s path says for each kind of vehicle; the others are estimated'),
  ROUTE_ROAD_TRAFFIC: setting
    .flag(false)
    .describe('Valhalla has traffic data: asks for the time of day, remembers each apart'),
  ROUTE_ROAD_MAX_COORDINATES: setting
    .count(100, { min: 2, max: 400 })
    .describe('Origins and destinations of one request to the routing server together'),
  ROUTE_ROAD_CONCURRENCY: setting
    .count(4, { min: 1, max: 100 })
    .describe('Requests to the routing server at the same time'),
  ROUTE_ROAD_TIMEOUT_MS: setting
    .milliseconds(5_000)
    .describe('Time for one request to the routing server'),
  ROUTE_ROAD_CACHE_URL: setting
    .url()
    .optional()
    .describe('Redis that remembers legs, instead of REDIS_URL; best one that evicts'),
  ROUTE_ROAD_CACHE_SECONDS: setting
    .count(604_800, { min: 60 })
    .describe('How long a leg is remembered'),
};

/** Throws a `ConfigError` where settings do not fit together. */
export function checkRoadDataSettings(config: {
  ROUTE_ROAD_PROVIDER: string;
  ROUTE_ROAD_URL?: string | undefined;
}): void {
  if (config.ROUTE_ROAD_PROVIDER === 'estimate' || config.ROUTE_ROAD_URL !== undefined) return;
  throw new ConfigError([
    `ROUTE_ROAD_URL is missing, though ROUTE_ROAD_PROVIDER is ${config.ROUTE_ROAD_PROVIDER}`,
  ]);
}

/** `CAR=driving,VAN=driving` as an object; null when it is something else. */
export function osrmProfilesIn(text: string): OsrmProfiles | null {
  const profiles: Partial<Record<VehicleProfile, string>> = {};
  for (const pair of text.split(',')) {
    const [, kind = '', name = ''] = /^\s*(\w+)=([\w-]+)\s*$/.exec(pair) ?? [];
    const profile = VEHICLE_PROFILES.find((known) => known === kind);
    if (profile === undefined || name === '') return null;
    profiles[profile] = name;
  }
  return profiles;
}
