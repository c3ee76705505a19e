import assert from 'node:assert/strict';
import { after } from 'node:test';
import type { Identity } from '@quantumroute/ops/identity';
import { testDatabase } from '@quantumroute/ops/local/testing';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import { newRequestScope, runInRequest } from '@quantumroute/ops/request';
import type { FormattedExecutionResult } from 'graphql';
import { Client } from 'pg';
import { openFleetLive } from '../live/fleet-live.ts';
import { createFleetServer } from '../server.ts';
import { openStorage } from '../storage/open-storage.ts';

const POOL_SIZE = 10;
const SECRET = 'the-secret-of-the-fleet-under-test';

/** The variables and the caller of a request. */
export type Call = {
  identity: Identity;
  variables?: Record<string, unknown>;
  batching?: boolean;
  /** Of a subscription that is resumed, or null for one that says its positions. */
  position?: string | null;
};

/** What came back, and how many statements it took. */
export type Answer = FormattedExecutionResult & { statements: number };

/** The results of a subscription. */
export type Watch = AsyncIterator<FormattedExecutionResult> & { return(): Promise<unknown> };

export type FleetUnderTest = Awaited<ReturnType<typeof startFleet>>;

/**
 * The whole subgraph on a database of its own, without a port, until the end of the test file.
 * Called at the top level of a file: in a hook, its end would be the end of the hook. Without
 * `redisUrl` there is no Redis, and positions tell of themselves by their rows only.
 */
export async function startFleet({ redisUrl = 'redis://127.0.0.1:1' } = {}) {
  const database = await testDatabase(['fleet']);
  const config = {
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: POOL_SIZE,
    DATABASE_STATEMENT_TIMEOUT_MS: 5_000,
    SERVICE_IDENTITY_SECRET: SECRET,
    REDIS_URL: redisUrl,
    REDIS_PREFIX: 'test:',
    NODE_ENV: 'test' as const,
  };
  const log = createLogger({ service: 'fleet', level: 'fatal' });
  const metrics = createMetrics('fleet');
  const postgres = await openStorage({ config, log, metrics });
  // A busy machine needs long to connect, which must not count as a request that waits too long.
  await Promise.allSettled(Array.from({ length: POOL_SIZE }, () => postgres.ping()));
  const room = new AsyncDisposableStack();
  const live = openFleetLive(room, { postgres, config, log });
  const server = await createFleetServer({ config, postgres, live, log, metrics });
  const sql = new Client({ connectionString: database.url });
  await sql.connect();
  after(async () => {
    await server.close();
    await room.disposeAsync();
    await sql.end();
    await postgres.close();
    await database.drop();
  });
  const run = async (query: string, call: Call): Promise<Answer> => {
    const scope = newRequestScope({ requestId: 'test' });
    const result = await runInRequest(scope, () => server.execute({ query, ...call }));
    return { ...result, statements: scope.sql.statements };
  };
  const watch = async (query: string, call: Call): Promise<Watch> => {
    const stream = await server.subscribe({ query, ...call });
    return stream[Symbol.asyncIterator]() as Watch;
  };
  return { databaseUrl: database.url, sql, run, watch, metrics, postgres };
}

/** The data of an answer that has no errors; the caller names the shape that it asked for. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export function dataOf<T>({ data, errors }: FormattedExecutionResult): T {
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data as T;
}

/** The code and the extensions of the only error of an answer. */
export function errorOf({ errors = [] }: FormattedExecutionResult): Record<string, unknown> {
  assert.equal(errors.length, 1, JSON.stringify(errors));
  return { ...errors[0]?.extensions };
}
