import { fileURLToPath } from 'node:url';

import type { Logger } from '@quantumroute/ops/log';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { Postgres } from '@quantumroute/ops/postgres';
import { migratePostgres, openPostgres } from '@quantumroute/ops/postgres';

import type { ReportConfig } from '../config.ts';
import { ArtifactEntity } from './artifact-entity.ts';
import { ReportEntity } from './report-entity.ts';
import { ScheduleEntity } from './schedule-entity.ts';

const schema = 'report';

type StorageConfig = Pick<
  ReportConfig,
  'DATABASE_URL' | 'DATABASE_POOL_SIZE' | 'DATABASE_STATEMENT_TIMEOUT_MS'
>;

/** Opens the storage of this service and its worker. */
export function openStorage(options: {
  config: StorageConfig;
  log: Logger;
  metrics: Metrics;
}): Promise<Postgres> {
  const { config, log, metrics } = options;
  return openPostgres({
    url: config.DATABASE_URL,
    schema,
    entities: [ReportEntity, ArtifactEntity, ScheduleEntity],
    poolSize: config.DATABASE_POOL_SIZE,
    statementTimeoutMs: config.DATABASE_STATEMENT_TIMEOUT_MS,
    log,
    metrics,
  });
}

/** Brings the tables of this room up to date; gives the number of migrations that ran. */
export function migrateStorage(options: {
  config: Pick<StorageConfig, 'DATABASE_URL'>;
  log: Logger;
}): Promise<number> {
  const migrationsPath = fileURLToPath(new URL('migrations', import.meta.url));
  return migratePostgres({
    url: options.config.DATABASE_URL,
    schema,
    migrationsPath,
    log: options.log,
  });
}
