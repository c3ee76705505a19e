import { testDatabase } from '@quantumroute/ops/local/testing';
import { ANONYMOUS } from '@quantumroute/ops/identity';
import type { Identity } from '@quantumroute/ops/identity';
import { createLogger } from '@quantumroute/ops/log';
import { createMetrics } from '@quantumroute/ops/metrics';
import { newRequestScope, runInRequest } from '@quantumroute/ops/request';
import type { SubgraphOperation, SubgraphServer } from '@quantumroute/ops/subgraph-server';
import pg from 'pg';

import { readConfig } from '../config.ts';
import { createContext } from '../context.ts';
import type { RouteContext } from '../context.ts';
import { openRouteLive } from '../live/route-live.ts';
import { openRoadData } from '../road-data/open-road-data.ts';
import { openRunRoom } from '../runs/run-room.ts';
import type { RunRoom } from '../runs/run-room.ts';
import { createRouteServer } from '../server.ts';
import { createOfferTokens } from '../slots/offer-token.ts';
import { openStorage } from '../storage/open-storage.ts';
import { FLEET_STAND_IN } from './fleet-stand-in.ts';

/** A subgraph on a database of its own, called without a port. */
export type RouteWorld = {
  readonly databaseUrl: string;
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
  /** As of a second process on the same database, until it is closed. */
  openRuns(): Promise<RunRoom & { close(): Promise<void> }>;
  /** A subscription's results; with a position, or null, they say theirs. */
  watch(
    identity: Identity,
    query: string,
    variables?: object,
    resuming?: { position?: string | null },
  ): Promise<AsyncIterator<Answer>>;
  close(): Promise<void>;
};

/** JSON as it comes: a test says by its assertions what it expects. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Answer = Record<string, any>;
export type ErrorAnswer = { message: string; extensions?: Record<string, unknown> };

/** Without `redisUrl` there is no Redis, and runs tell of themselves by their rows only. */
export async function openRouteWorld({
  leaseMs = 60_000,
  redisUrl = 'redis://127.0.0.1:1',
  env = {},
}: {
  leaseMs?: number;
  redisUrl?: string;
  /** Settings of road data and runs. */
  env?: Record<string, string>;
} = {}): Promise<RouteWorld> {
  await using stack = new AsyncDisposableStack();
  const { url, client } = await openDatabase(stack);
  const { openRuns, live, ...process } = await openProcess(stack, { url, leaseMs, redisUrl, env });
  const runs = await openRuns();
  const offerTokens = createOfferTokens(SECRET);
  const parts = { ...process, live, runs, offerTokens, publicUrl: 'https://track.example' };
  const server = await createRouteServer({
    parts,
    identity: { secret: SECRET },
    log,
    production: false,
  });
  stack.defer(() => server.close());
  const run: RouteWorld['run'] = (identity, query, variables = {}) =>
    measured(server, { identity, query, variables });
  const opened = stack.move();
  return {
    databaseUrl: url,
    run,
    async ask(identity, query, variables) {
      const { data, errors } = await run(identity, query, variables);
      if (errors[0] !== undefined) throw new Error(errors[0].message);
      return data ?? {};
    },
    sql: async (text, parameters) => (await client.query(text, parameters)).rows,
    context: (identity) =>
      createContext(parts, { identity, requestId: 'test', signal: new AbortController().signal }),
    openRuns,
    watch: (identity, query, variables = {}, resuming = {}) =>
      watched(server, { identity, query, variables: { ...variables }, ...resuming }),
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
  {
    url,
    leaseMs,
    redisUrl,
    env,
  }: { url: string; leaseMs: number; redisUrl: string; env: Record<string, string> },
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
  const settings = readConfig({
    DATABASE_URL: url,
    REDIS_URL: redisUrl,
    REDIS_PREFIX: 'test:',
    SERVICE_IDENTITY_SECRET: SECRET,
    ROUTE_PLANNER_QUEUE: '5',
    ROUTE_RUN_LEASE_MS: String(leaseMs),
    ...env,
  });
  const roadData = openRoadData(stack, { config: settings, log, metrics });
  const connection = { redisUrl, redisPrefix: settings.REDIS_PREFIX, log };
  const live = openRouteLive(stack, { postgres, log, connection });
  const rooms = stack.use(new AsyncDisposableStack());
  const openRuns = async () => {
    const own = rooms.use(new AsyncDisposableStack());
    const room = await openRunRoom(own, {
      postgres,
      roadData,
      log,
      metrics,
      config: settings,
      onEvent: ({ organizationId }) => live.tail.wake(organizationId),
    });
    return { ...room, close: () => own.disposeAsync() };
  };
  return { postgres, metrics, roadData, live, openRuns };
}

const log = createLogger({ service: 'route', level: 'silent' });
const CONNECTIONS = 16;
const SECRET = 'a secret of the tests that is long enough';

type Operation = { identity: Identity; query: string; variables: object };

async function measured(server: SubgraphServer, { identity, query, variables }: Operation) {
  const scope = newRequestScope({ requestId: 'test' });
  const operation = { identity, query, variables: { ...variables } };
  const result = await runInRequest(scope, () => server.execute(operation));
  // As a client gets it: dates are text, and objects have the usual prototype.
  const { data = null, errors = [] } = JSON.parse(JSON.stringify(result));
  return { data, errors, statements: scope.sql.statements };
}

async function watched(
  server: SubgraphServer,
  operation: SubgraphOperation & { position?: string | null },
) {
  const stream = await server.subscribe(operation);
  const results = stream[Symbol.asyncIterator]();
  return {
    next: async (): Promise<IteratorResult<Answer>> =>
      JSON.parse(JSON.stringify(await results.next())),
    return: async () => (await results.return?.()) ?? { done: true, value: undefined },
  };
}

const SCOPES = ['orders', 'routes', 'experiments'].flatMap((of) => [`${of}:read`, `${of}:write`]);

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
