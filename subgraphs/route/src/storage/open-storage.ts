import { fileURLToPath } from 'node:url';

import type { Logger } from '@quantumroute/ops/log';
import type { Metrics } from '@quantumroute/ops/metrics';
import { migratePostgres, openPostgres } from '@quantumroute/ops/postgres';
import type { Postgres } from '@quantumroute/ops/postgres';

import type { RouteConfig } from '../config.ts';
import { entities } from './entities/all.ts';

const schema = 'route';

type DatabaseConfig = Pick<
  RouteConfig,
  'DATABASE_URL' | 'DATABASE_POOL_SIZE' | 'DATABASE_STATEMENT_TIMEOUT_MS'
>;

export async function openStorage({
  config,
  log,
  metrics,
}: {
  config: DatabaseConfig;
  log: Logger;
  metrics: Metrics;
}): Promise<Postgres> {
  return openPostgres({
    url: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL_SIZE,
    statementTimeoutMs: config.DATABASE_STATEMENT_TIMEOUT_MS,
    schema,
    entities,
    log,
    metrics,
  });
}

/** Gives the number of migrations that were applied. */
export async function migrateStorage({
  config,
  log,
}: {
  config: Pick<RouteConfig, 'DATABASE_URL'>;
  log: Logger;
}): Promise<number> {
  const migrationsPath = fileURLToPath(new URL('./migrations', import.meta.url));
  return migratePostgres({ url: config.DATABASE_URL, schema, migrationsPath, log });
}
