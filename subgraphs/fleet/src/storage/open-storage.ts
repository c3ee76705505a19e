import { fileURLToPath } from 'node:url';
import type { Logger } from '@quantumroute/ops/log';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { Postgres } from '@quantumroute/ops/postgres';
import { migratePostgres, openPostgres } from '@quantumroute/ops/postgres';
import type { FleetConfig } from '../config.ts';
import { Depot } from './entities/depot.ts';
import { Driver } from './entities/driver.ts';
import { Organization } from './entities/organization.ts';
import { PartnerApiKey } from './entities/partner-api-key.ts';
import { Partner } from './entities/partner.ts';
import { Shift } from './entities/shift.ts';
import { Vehicle } from './entities/vehicle.ts';

const schema = 'fleet';

type DatabaseConfig = Pick<
  FleetConfig,
  'DATABASE_URL' | 'DATABASE_POOL_SIZE' | 'DATABASE_STATEMENT_TIMEOUT_MS'
>;

export function openStorage({
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
    schema,
    entities: [Depot, Driver, Organization, Partner, PartnerApiKey, Shift, Vehicle],
    poolSize: config.DATABASE_POOL_SIZE,
    statementTimeoutMs: config.DATABASE_STATEMENT_TIMEOUT_MS,
    log,
    metrics,
  });
}

/** Applies what is missing of the migrations and gives their number. */
export function migrateStorage({
  config,
  log,
}: {
  config: Pick<FleetConfig, 'DATABASE_URL'>;
  log: Logger;
}): Promise<number> {
  return migratePostgres({
    url: config.DATABASE_URL,
    schema,
    migrationsPath: fileURLToPath(new URL('migrations', import.meta.url)),
    log,
  });
}
