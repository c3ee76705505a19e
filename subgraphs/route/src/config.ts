import {
  commonSettings,
  databaseSettings,
  identitySettings,
  readSettings,
  redisSettings,
  setting,
} from '@quantumroute/ops/config';
import { kafkaSettings } from '@quantumroute/ops/kafka-settings';

import { checkRoadDataSettings, roadDataSettings } from './road-data/settings.ts';

export const settings = {
  ...commonSettings,
  ...databaseSettings,
  ...redisSettings,
  ...identitySettings,
  ...kafkaSettings,
  ROUTE_PORT: setting.port(4002).describe('The port of the route subgraph'),
  PUBLIC_URL: setting
    .url('http://127.0.0.1:4000')
    .describe('The origin that tracking links start with'),
  ROUTE_PLANNER_THREADS: setting
    .count(1, { min: 1, max: 64 })
    .describe('Optimization runs that one process computes at the same time'),
  ROUTE_PLANNER_ISLANDS: setting
    .count(1, { min: 1, max: 64 })
    .describe('Threads that plan one run side by side; the best plan of them wins'),
  ROUTE_PLANNER_QUEUE: setting
    .count(20, { min: 1, max: 1_000 })
    .describe('Optimization runs that wait for a thread at most; more are refused'),
  ROUTE_RUN_LEASE_MS: setting
    .milliseconds(10_000)
    .describe('A run whose process has shown no sign of life for so long is taken over'),
  ...roadDataSettings,
};

export type RouteConfig = ReturnType<typeof readConfig>;

/** Throws a `ConfigError` that lists every problem. */
export function readConfig(env: Readonly<Record<string, string | undefined>>) {
  const config = readSettings(settings, env);
  checkRoadDataSettings(config);
  return config;
}
