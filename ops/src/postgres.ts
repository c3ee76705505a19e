import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import type { EntityManager, Options } from '@mikro-orm/postgresql';
import { Client, escapeIdentifier } from 'pg';
import type { Pool } from 'pg';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import { watchPool } from './postgres-pool.ts';

/** A service's way to PostgreSQL. */
export type Postgres = {
  orm: MikroORM;
  /** A unit of work of its own; take one per request. */
  fork(): EntityManager;
  /** Resolves when the database answers, rejects within 2 s when it does not. */
  ping(): Promise<void>;
  close(): Promise<void>;
};

/** What `openPostgres` needs. `schema` is where this service's tables live. */
export type PostgresOptions = {
  url: string;
  schema: string;
  entities: NonNullable<Options['entities']>;
  poolSize: number;
  statementTimeoutMs: number;
  log: Logger;
  metrics: Metrics;
  /** Used by `migratePostgres` only; accepted here so that one object serves both. */
  migrationsPath?: string;
};

/**
 * Opens a pool and checks that the database answers. Every wait has an end, a lost backend costs
 * its own statements only, and a request that is aborted cancels its statement in the server.
 */
export async function openPostgres(options: PostgresOptions): Promise<Postgres> {
  const { url, schema, entities, log, metrics } = options;
  const orm = await MikroORM.init({
    clientUrl: url,
    schema,
    entities,
    driverOptions: {
      ...poolOptions(options),
      onPoolCreated: (pool: Pool) => watchPool(pool, { log, metrics }),
    },
    ...quietOptions(log),
  });
  const ping = async () => void (await orm.em.getConnection().execute('select 1'));
  try {
    await ping();
  } catch (error) {
    await orm.close(true);
    throw error;
  }
  return { orm, fork: () => orm.em.fork(), ping, close: () => orm.close(true) };
}

/**
 * Applies the migrations of `migrationsPath` that `<schema>.migrations` does not list yet, and gives
 * their number. Creates the schema. Several processes may start it at the same time: they take turns.
 */
export async function migratePostgres({
  url,
  schema,
  migrationsPath,
  log,
}: {
  url: string;
  schema: string;
  migrationsPath: string;
  log: Logger;
}): Promise<number> {
  const turn = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await turn.connect();
  try {
    await turn.query('select pg_advisory_lock(hashtext($1))', [`migrate ${schema}`]);
    await turn.query(`create schema if not exists ${escapeIdentifier(schema)}`);
    return await migrateInTurn({ url, schema, migrationsPath, log });
  } finally {
    await turn.end();
  }
}

const CONNECT_TIMEOUT_MS = 1_750;
// The server gives up first; the client's own timeout is for a server that is not running at all.
const QUERY_GRACE_MS = 250;

async function migrateInTurn({
  url,
  schema,
  migrationsPath,
  log,
}: Parameters<typeof migratePostgres>[0]): Promise<number> {
  const orm = await MikroORM.init({
    clientUrl: url,
    schema,
    entities: [],
    extensions: [Migrator],
    migrations: {
      path: migrationsPath,
      pathTs: migrationsPath,
      glob: 'Migration*.{js,ts}',
      tableName: `${schema}.migrations`,
      snapshot: false,
      silent: true,
    },
    ...quietOptions(log),
  });
  try {
    const done = await orm.migrator.up();
    for (const { name } of done) log.info({ schema, migration: name }, 'migrated');
    return done.length;
  } finally {
    await orm.close(true);
  }
}

// What every use of MikroORM here shares: nothing global, nothing written to disk.
function quietOptions(log: Logger): Partial<Options> {
  return {
    allowGlobalContext: false,
    ensureDatabase: false,
    metadataCache: { enabled: false },
    discovery: { warnWhenNoEntities: false },
    colors: false,
    logger: (message) => log.debug(message),
    forceUtcTimezone: true,
  };
}

function poolOptions({ poolSize, statementTimeoutMs, schema }: PostgresOptions) {
  return {
    max: poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + QUERY_GRACE_MS,
    idle_in_transaction_session_timeout: Math.max(10_000, statementTimeoutMs * 2),
    keepAlive: true,
    application_name: `quantumroute-${schema}`,
  };
}
