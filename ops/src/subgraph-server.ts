import { randomUUID } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import type { FormattedExecutionResult } from 'graphql';
import { createEnvelopBridge, schemaEngine } from './envelop.ts';
import { measureResolvers } from './envelop-metrics.ts';
import { failure } from './failures.ts';
import { graphqlRoute } from './graphql-http.ts';
import type { CarriesHeaders } from './graphql-http.ts';
import { askMounted } from './graphql-mounted.ts';
import { operatorRoutes } from './health.ts';
import type { ReadinessChecks } from './health.ts';
import { createHttpServer } from './http.ts';
import type { Route } from './http.ts';
import { ANONYMOUS, IDENTITY_HEADER, createIdentityVerifier } from './identity.ts';
import type { Identity } from './identity.ts';
import type { Logger } from './log.ts';
import { maskErrors } from './mask-error.ts';
import type { Metrics } from './metrics.ts';
import type { AskMounted } from './mounted-subgraph.ts';
import { currentRequest, newRequestScope, runInRequest } from './request.ts';
import { createSubgraphSchema } from './subgraph-schema.ts';
import type { SubgraphResolvers } from './subgraph-schema.ts';
import { subgraphSockets } from './subgraph-sockets.ts';
import { createSubscribe } from './subgraph-subscriptions.ts';

/** What a context is made of. `signal` aborts when the caller leaves or the deadline passes. */
export type SubgraphRequest = { identity: Identity; requestId: string; signal: AbortSignal };

/** The least that a subgraph's context carries. */
export type SubgraphContext = { identity: Identity };

/** What `createSubgraphServer` needs. */
export type SubgraphServerOptions<C extends SubgraphContext> = {
  name: string;
  typeDefs: string;
  resolvers: SubgraphResolvers;
  /** Called once per operation, and once per event of a subscription. */
  createContext: (request: SubgraphRequest) => C | Promise<C>;
  identity: { secret: string };
  log: Logger;
  metrics: Metrics;
  production: boolean;
  readiness: ReadinessChecks;
  /** Further routes, such as downloads; they check their callers themselves. */
  routes?: Readonly<Record<string, Route>>;
};

/** An operation for `execute` and `subscribe`; without `identity` the caller is anonymous. */
export type SubgraphOperation = {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
  identity?: Identity;
  /** Default true, or what the surrounding scope says. */
  batching?: boolean;
  /** Of a subscription: where to go on, as in `SubscriptionRequest`. */
  position?: string | null;
};

/** A subgraph. `execute` and `subscribe` run the whole pipeline without a port. */
export type SubgraphServer = {
  execute(operation: SubgraphOperation): Promise<FormattedExecutionResult>;
  subscribe(operation: SubgraphOperation): Promise<AsyncIterable<FormattedExecutionResult>>;
  /** Answers a gateway in the same process, as `POST /graphql` does. */
  ask: AskMounted;
  listen(port: number, host: string): Promise<{ url: string; port: number }>;
  /** Operations in flight get `graceMs` to finish; default 10 s. */
  close(options?: { graceMs?: number }): Promise<void>;
};

/**
 * A subgraph that answers on `/graphql` over HTTP and graphql-ws, to callers with a signed identity
 * only, with authorization, masked errors, metrics and health. Call `close` at the end.
 */
export async function createSubgraphServer<C extends SubgraphContext>(
  options: SubgraphServerOptions<C>,
): Promise<SubgraphServer> {
  const { log, metrics, production, createContext } = options;
  const schema = createSubgraphSchema(options);
  measureResolvers(schema, metrics.registry);
  const bridge = createEnvelopBridge({ metrics, introspection: !production });
  const formatError = maskErrors(log);
  const apollo = new ApolloServer<SubgraphContext>({
    ...bridge.apolloFor(schemaEngine(schema)),
    formatError,
    logger: log,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: production,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    nodeEnv: production ? 'production' : 'development',
  });
  await apollo.start();
  const subscribe = createSubscribe({ schema, bridge, createContext, formatError, metrics });
  const verifier = createIdentityVerifier(options.identity.secret);
  let isStopping = false;
  const graphql = {
    serverTiming: !production,
    createContext: async (request: CarriesHeaders) => {
      const identity = await identityOf(request, verifier);
      return createContext({ identity, ...scopeOf(request, production) });
    },
  };
  const http = createHttpServer({
    log,
    metrics,
    acceptsDeadline: true,
    limits: { deadlineMs: DEADLINE_MS },
    routes: {
      ...options.routes,
      ...operatorRoutes({
        log,
        metrics,
        readiness: options.readiness,
        isStopping: () => isStopping,
      }),
      '/graphql': graphqlRoute(apollo, { ...graphql, body: { maxBytes: LARGEST_BODY_BYTES } }),
    },
  });
  const sockets = subgraphSockets({ node: http.node, subscribe, verifier, log });
  return {
    execute: (operation) => execute(apollo, createContext, operation),
    async subscribe({ identity = ANONYMOUS, ...operation }) {
      const outcome = await subscribe({ ...operation, identity });
      return Symbol.asyncIterator in outcome ? outcome : only(outcome);
    },
    ask: askMounted(apollo, {
      ...graphql,
      deadlineMs: DEADLINE_MS,
      maxBytes: LARGEST_BODY_BYTES,
      log,
      metrics,
    }),
    listen: (port, host) => http.listen(port, host),
    async close({ graceMs = 10_000 } = {}) {
      isStopping = true;
      await sockets.close();
      await http.close({ graceMs });
      await apollo.stop();
    },
  };
}

// What clients send grows on its way: the gateway plans it, and writes some characters at length.
const LARGEST_BODY_BYTES = 4_000_000;
const DEADLINE_MS = 30_000;
const BATCHING_HEADER = 'x-quantumroute-batching';

async function identityOf(
  request: CarriesHeaders,
  verifier: { verify(token: string): Promise<Identity> },
): Promise<Identity> {
  const token = request.headers[IDENTITY_HEADER];
  if (typeof token !== 'string') {
    throw failure('UNAUTHENTICATED', 'This service answers its gateway only');
  }
  return verifier.verify(token);
}

function scopeOf(request: CarriesHeaders, production: boolean): Omit<SubgraphRequest, 'identity'> {
  const scope = currentRequest() ?? newRequestScope({ requestId: randomUUID() });
  if (!production && request.headers[BATCHING_HEADER] === 'off') scope.batching = false;
  return { requestId: scope.requestId, signal: scope.signal };
}

/** Inside a request's scope its counters go on; otherwise the operation gets a scope of its own. */
async function execute<C extends SubgraphContext>(
  apollo: ApolloServer<SubgraphContext>,
  createContext: SubgraphServerOptions<C>['createContext'],
  { identity = ANONYMOUS, batching, ...operation }: SubgraphOperation,
): Promise<FormattedExecutionResult> {
  const scope = currentRequest() ?? newRequestScope({ requestId: randomUUID() });
  if (batching !== undefined) scope.batching = batching;
  const { requestId, signal } = scope;
  return runInRequest(scope, async () => {
    const contextValue = await createContext({ identity, requestId, signal });
    const { body } = await apollo.executeOperation(operation, { contextValue });
    if (body.kind !== 'single') throw new Error('A subgraph gives one result per operation');
    return body.singleResult;
  });
}

async function* only<T>(value: T): AsyncGenerator<T> {
  yield value;
}
