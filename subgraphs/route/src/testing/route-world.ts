import { testDatabase } from '@quantumroute/ops/local/testing';
import { ANONYMOUS } from '@quantumroute/ops/identity';
import type { Identity } from '@quantumroute/ops/identity';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import { newRequestScope, runInRequest } from '@quantumroute/ops/request';
import type { SubgraphServer } from '@quantumroute/ops/subgraph-server';
import pg from 'pg';

import { createContext } from '../context.ts';
import type { RouteContext } from '../context.ts';
import { openRunQueue } from '../runs/run-queue.ts';
import type { RunQueue } from '../runs/run-queue.ts';
import { createRouteServer } from '../server.ts';
import { openStorage } from '../storage/open-storage.ts';
import { FLEET_STAND_IN } from './fleet-stand-in.ts';

/** A subgraph on a database of its own, called without a port. */
export type RouteWorld = {
  /** The answer's data; throws with the first top-level error when there is one. */
  ask(identity: Identity, query: string, variables?: object): Promise<Answer>;
  /** The whole result, with the number of statements it took. */
  run(
    identity: Identity,
    query: string,
    variables?: object,
  ): Promise<{ data: Answer | null; errors: readonly ErrorAnswer[]; statements: number }>;
  sql(text: string, parameters?: unknown[]): Promise<Record<string, unknown>[]>;
  /** What a request of this caller carries, for tests of a single action. */
  context(identity: Identity): RouteContext;
  /** As of a second process on the same database. */
  openQueue(): Promise<RunQueue>;
  close(): Promise<void>;
};

/** JSON as it comes: a test says by its assertions what it expects. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Answer = Record<string, any>;
export type ErrorAnswer = { message: string; extensions?: Record<string, unknown> };

export async function openRouteWorld({ leaseMs = 60_000 } = {}): Promise<RouteWorld> {
  await using stack = new AsyncDisposableStack();
  const { url, client } = await openDatabase(stack);
  const { openQueue, postgres, metrics } = await openProcess(stack, { url, leaseMs });
  const runQueue = await openQueue();
  const parts = { postgres, metrics, runQueue, publicUrl: 'https://track.example' };
  const server = await createRouteServer({
    parts,
    identity: { secret: 'a secret of the tests that is long enough' },
    log,
    production: false,
  });
  stack.defer(() => server.close());
  const run: RouteWorld['run'] = (identity, query, variables = {}) =>
    measured(server, { identity, query, variables });
  const opened = stack.move();
  return {
    run,
    async ask(identity, query, variables) {
      const { data, errors } = await run(identity, query, variables);
      if (errors[0] !== undefined) throw new Error(errors[0].message);
      return data ?? {};
    },
    sql: async (text, parameters) => (await client.query(text, parameters)).rows,
    context: (identity) =>
      createContext(parts, { identity, requestId: 'test', signal: new AbortController().signal }),
    openQueue,
    close: () => opened.disposeAsync(),
  };
}

async function openDatabase(stack: AsyncDisposableStack) {
  const database = await testDatabase(['route']);
  stack.defer(() => database.drop());
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  stack.defer(() => client.end());
  await client.query(FLEET_STAND_IN);
  return { url: database.url, client };
}

async function openProcess(
  stack: AsyncDisposableStack,
  { url, leaseMs }: { url: string; leaseMs: number },
) {
  const metrics = createMetrics('route');
  const config = {
    DATABASE_URL: url,
    DATABASE_POOL_SIZE: CONNECTIONS,
    DATABASE_STATEMENT_TIMEOUT_MS: 5_000,
  };
  const postgres = await openStorage({ config, log, metrics });
  stack.defer(() => postgres.close());
  // A busy machine is slow to connect, and the wait for a connection has an end.
  await Promise.all(Array.from({ length: CONNECTIONS }, () => postgres.ping()));
  const queues = stack.use(new AsyncDisposableStack());
  const openQueue = async () => {
    const queue = await openRunQueue({
      postgres,
      log,
      metrics,
      threads: 1,
      maxWaiting: 5,
      leaseMs,
    });
    queues.defer(() => queue.close());
    return queue;
  };
  return { postgres, metrics, openQueue };
}

const log = createLogger({ service: 'route', level: 'silent' });
const CONNECTIONS = 16;

type Operation = { identity: Identity; query: string; variables: object };

async function measured(server: SubgraphServer, { identity, query, variables }: Operation) {
  const scope = newRequestScope({ requestId: 'test' });
  const operation = { identity, query, variables: { ...variables } };
  const result = await runInRequest(scope, () => server.execute(operation));
  // As a client gets it: dates are text, and objects have the usual prototype.
  const { data = null, errors = [] } = JSON.parse(JSON.stringify(result));
  return { data, errors, statements: scope.sql.statements };
}

const SCOPES = ['orders:read', 'orders:write', 'routes:read', 'routes:write'];

export function dispatcher({ organizationId }: { organizationId: string }): Identity {
  const subject = `dispatcher of ${organizationId}`;
  return { ...ANONYMOUS, kind: 'user', subject, organizationId, scopes: SCOPES };
}

export function partnerOf(
  { organizationId }: { organizationId: string },
  partnerId: string,
): Identity {
  const scopes = ['orders:read', 'orders:write'];
  return { ...ANONYMOUS, kind: 'partner', subject: partnerId, organizationId, partnerId, scopes };
}

export function driverOf(
  { organizationId }: { organizationId: string },
  driverId: string,
): Identity {
  const scopes = ['driver:self'];
  return { ...ANONYMOUS, kind: 'driver', subject: driverId, organizationId, driverId, scopes };
}
