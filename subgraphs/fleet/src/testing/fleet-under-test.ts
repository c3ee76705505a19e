import { after } from 'node:test';
import { Client } from 'pg';
import { testDatabase } from '@quantumroute/ops/local/testing';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import type { Identity } from '@quantumroute/ops/identity';
import { createFleetServer } from '../server.ts';
import { openStorage } from '../storage/open-storage.ts';

const SECRET = 'the-secret-of-the-fleet-under-test';

/** The variables and the caller of a request. */
export type Call = { identity: Identity; variables?: Record<string, unknown>; batching?: boolean };

export type FleetUnderTest = Awaited<ReturnType<typeof startFleet>>;

/** The whole subgraph on a database of its own, without a port, until the end of the test file. */
export async function startFleet() {
  const database = await testDatabase(['fleet']);
  const config = {
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: 4,
    DATABASE_STATEMENT_TIMEOUT_MS: 5_000,
    SERVICE_IDENTITY_SECRET: SECRET,
    NODE_ENV: 'test' as const,
  };
  const log = createLogger({ service: 'fleet', level: 'fatal' });
  const metrics = createMetrics('fleet');
  const postgres = await openStorage({ config, log, metrics });
  const server = await createFleetServer({ config, postgres, log, metrics });
  const sql = new Client({ connectionString: database.url });
  await sql.connect();
  after(async () => {
    await server.close();
    await sql.end();
    await postgres.close();
    await database.drop();
  });
  return { server, sql, run: (query: string, call: Call) => server.execute({ query, ...call }) };
}
