import { randomBytes } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { createEnvelopBridge } from '@quantumroute/ops/envelop';
import type { EnvelopBridge } from '@quantumroute/ops/envelop';
import { operatorRoutes } from '@quantumroute/ops/health';
import { createHttpServer } from '@quantumroute/ops/http';
import type { HttpServer, Route } from '@quantumroute/ops/http';
import type { Logger } from '@quantumroute/ops/log';
import type { Metrics } from '@quantumroute/ops/metrics';
import { currentRequest } from '@quantumroute/ops/request';
import { originsIn } from './config.ts';
import type { ServingConfig } from './config.ts';
import type { GatewayContext } from './context.ts';
import { createErrorMask } from './errors/mask.ts';
import type { ErrorMask } from './errors/mask.ts';
import { createExecution } from './execution/execution.ts';
import { stringifyResult, withPlainData } from './execution/finished-text.ts';
import { createAnswerLane } from './http/answer-lane.ts';
import { createAnswerPlugin } from './http/answer-plugin.ts';
import { createGraphqlHandler } from './http/graphql-handler.ts';
import { createQueryLane } from './http/query-lane.ts';
import { openTransport } from './http/transport.ts';
import type { Transport } from './http/transport.ts';
import { ANONYMOUS_CALLER } from './identity/caller.ts';
import type { Policies } from './policies.ts';
import { createCursors } from './subscriptions/cursors.ts';
import { createHttpStreams } from './subscriptions/http-streams.ts';
import { createLiveConnections } from './subscriptions/live-connections.ts';
import { createLiveMetrics } from './subscriptions/live-metrics.ts';
import { createOpenOperation } from './subscriptions/open-operation.ts';
import { createIsPersonal } from './subscriptions/personal-operation.ts';
import { createSharedStreams } from './subscriptions/shared-streams.ts';
import { createUpstreams } from './subscriptions/upstreams.ts';
import { serveSockets } from './subscriptions/web-socket.ts';
import type { SocketServer } from './subscriptions/web-socket.ts';
import type { Supergraph } from './supergraph/supergraph.ts';
import { createTrackingPage } from './tracking/tracking-page.ts';
import { createAskSubgraph } from './upstream/ask-subgraph.ts';
import type { Subgraphs } from './upstream/subgraphs.ts';

/** What a gateway is made of. */
export type GatewayParts = {
  supergraph: Supergraph;
  subgraphs: Subgraphs;
  config: ServingConfig;
  policies: Policies;
  log: Logger;
  metrics: Metrics;
  /** Names of operations that get metrics of their own. */
  knownOperations?: ReadonlySet<string>;
  /** Documents by their hash that are compiled as soon as there is time. */
  registered?: ReadonlyMap<string, string>;
  /** Further routes, such as downloads and the explorer. */
  routes?: Readonly<Record<string, Route>>;
  /** The registered operation behind the tracking page; without it there is none. */
  trackingQuery?: string;
};

/** A gateway that has loaded its supergraph, and listens when told to. */
export type Gateway = {
  listen(port: number, host: string): Promise<{ url: string; port: number }>;
  /** Operations in flight get `graceMs` to finish; sockets and streams move in the first half. */
  close(options?: { graceMs?: number }): Promise<void>;
};

/** Puts the rooms together, in the order in which a request meets them. */
export async function createGateway(parts: GatewayParts): Promise<Gateway> {
  const transport = await openTransport(parts.config, parts.log);
  const engine = await startEngine(parts);
  const live = createLive(parts, engine);
  let isStopping = false;
  const stopped = new AbortController();
  void engine.execution.prepare(parts.registered ?? new Map(), stopped.signal);
  const http = createFront(parts, { engine, live, transport, isStopping: () => isStopping });
  const sockets = createSockets(parts, { http, live });
  return {
    listen: (port, host) => http.listen(port, host),
    async close({ graceMs = 10_000 } = {}) {
      isStopping = true;
      stopped.abort();
      const until = Date.now() + graceMs;
      const withinMs = Math.min(parts.config.GATEWAY_DRAIN_MS, graceMs / 2);
      await live.connections.drain({ withinMs });
      await sockets.close();
      await http.close({ graceMs: Math.max(0, until - Date.now()) });
      await live.upstreams.close();
      await engine.server.stop();
    },
  };
}

// Less than what proxies commonly take for dead.
const HEARTBEAT_MS = 12_000;
const SHORTEST_PING_MS = 50;

type Engine = Awaited<ReturnType<typeof startEngine>>;
type Live = ReturnType<typeof createLive>;

/** What plans and executes: Apollo Server with our plugins, around the gateway's own engine. */
async function startEngine(parts: GatewayParts) {
  const { config, metrics, log, knownOperations } = parts;
  const isProduction = config.NODE_ENV === 'production';
  const mask = createErrorMask({ log, hideSuggestions: isProduction });
  const execution = createExecutionOf(parts);
  const bridge = createEnvelopBridge({
    engine: execution.engine,
    metrics,
    introspection: !isProduction,
    ...(knownOperations ? { knownOperations } : {}),
  });
  const server = createApolloServer(parts, { bridge, mask, isProduction });
  await server.start();
  return { mask, execution, bridge, server, isProduction };
}

/** What stays open: subscriptions, their sources and the connections of clients. */
function createLive(parts: GatewayParts, { mask, execution, bridge, server }: Engine) {
  const { config, policies, metrics } = parts;
  const upstreams = createUpstreams(parts);
  const liveMetrics = createLiveMetrics(metrics.registry);
  const openOperation = createOpenOperation({
    server,
    execution,
    subscribe: bridge.subscribe,
    upstreamOf: upstreams.upstreamOf,
    streams: createSharedStreams({
      capacity: config.GATEWAY_MAX_BUFFERED_EVENTS,
      metrics: liveMetrics,
    }),
    cursors: createCursors(policies.cursorSecret ?? randomBytes(32)),
    isPersonal: createIsPersonal(parts.supergraph.schema),
    forget: policies.forget,
    mask,
    deadlineMs: config.GATEWAY_REQUEST_DEADLINE_MS,
    metrics,
  });
  const connections = createLiveConnections(
    {
      sockets: config.GATEWAY_MAX_SOCKETS,
      streams: config.GATEWAY_MAX_STREAMS,
      operations: config.GATEWAY_MAX_SUBSCRIPTIONS,
      connectionsPerClient: config.GATEWAY_MAX_CONNECTIONS_PER_CLIENT,
      operationsPerClient: config.GATEWAY_MAX_SUBSCRIPTIONS_PER_CLIENT,
    },
    metrics,
  );
  const streams = createHttpStreams({
    authenticate: policies.callers.authenticate,
    openOperation,
    connections,
    trustedProxies: config.GATEWAY_TRUSTED_PROXIES,
    maxOperations: config.GATEWAY_MAX_SUBSCRIPTIONS_PER_SOCKET,
    reservationMs: config.GATEWAY_STREAM_RESERVATION_MS,
    origins: originsIn(config.GATEWAY_CORS_ORIGINS),
    pace: { heartbeatMs: HEARTBEAT_MS, patienceMs: config.GATEWAY_SLOW_CLIENT_MS },
  });
  return { upstreams, openOperation, connections, streams };
}

function createFront(
  parts: GatewayParts,
  {
    engine,
    live,
    transport,
    isStopping,
  }: { engine: Engine; live: Live; transport: Transport; isStopping: () => boolean },
): HttpServer {
  const { config, policies, log, metrics, routes = {} } = parts;
  const { admit, answers, generations, callers } = policies;
  const serverTiming = !engine.isProduction;
  const lane = createAnswerLane({
    known: callers.known,
    answers,
    generations,
    runQuery: createQueryLane({
      execution: engine.execution,
      admit,
      answers,
      mask: engine.mask,
      deadlineMs: config.GATEWAY_REQUEST_DEADLINE_MS,
      serverTiming,
    }),
    meterOf: engine.bridge.meterOf,
    metrics,
    serverTiming,
  });
  const graphql = createGraphqlHandler({
    server: engine.server,
    authenticate: policies.callers.authenticate,
    lane,
    stream: live.streams,
    deadlineMs: config.GATEWAY_REQUEST_DEADLINE_MS,
    allowsUnbatched: !engine.isProduction,
  });
  return createHttpServer({
    ...transport,
    log,
    metrics,
    cors: { origins: originsIn(config.GATEWAY_CORS_ORIGINS) },
    routes: {
      ...routes,
      ...trackingRoutes(parts, live),
      ...operatorRoutes({ log, metrics, readiness: {}, isStopping }),
      '/graphql': { handler: graphql, deadline: false, lane: lane.lane },
      '/graphql/stream': { handler: live.streams, deadline: false },
    },
  });
}

function createSockets(
  { config, policies, log }: GatewayParts,
  { http, live }: { http: HttpServer; live: Live },
): SocketServer {
  return serveSockets({
    node: http.node,
    path: '/graphql',
    origins: originsIn(config.GATEWAY_CORS_ORIGINS),
    authenticate: policies.callers.authenticate,
    openOperation: live.openOperation,
    connections: live.connections,
    trustedProxies: config.GATEWAY_TRUSTED_PROXIES,
    limits: {
      initTimeoutMs: config.GATEWAY_SOCKET_INIT_TIMEOUT_MS,
      maxOperationsPerSocket: config.GATEWAY_MAX_SUBSCRIPTIONS_PER_SOCKET,
      maxFrameBytes: config.GATEWAY_MAX_FRAME_BYTES,
      maxBufferedBytes: config.GATEWAY_MAX_BUFFERED_BYTES,
      pingIntervalMs: Math.max(SHORTEST_PING_MS, config.GATEWAY_SLOW_CLIENT_MS / 2),
    },
    log,
  });
}

function createExecutionOf({ supergraph, subgraphs, config, policies, log }: GatewayParts) {
  return createExecution({
    supergraph,
    maxOperations: config.GATEWAY_COMPILED_OPERATIONS,
    log,
    ask: createAskSubgraph({
      clientOf: (name) => subgraphs.clientOf(name),
      sign: policies.sign,
      timeoutMs: config.GATEWAY_SUBGRAPH_TIMEOUT_MS,
      log,
    }),
  });
}

function trackingRoutes({ trackingQuery: query }: GatewayParts, { openOperation }: Live) {
  if (query === undefined) return {};
  return createTrackingPage({
    query,
    async run(request) {
      const { signal } = currentRequest() ?? new AbortController();
      const answer = await openOperation(request, { caller: ANONYMOUS_CALLER, signal });
      if (answer.kind === 'result') return withPlainData(answer.result);
      throw new Error('The operation behind the tracking page is a query');
    },
  });
}

function createApolloServer(
  { policies, log }: GatewayParts,
  { bridge, mask, isProduction }: { bridge: EnvelopBridge; mask: ErrorMask; isProduction: boolean },
): ApolloServer<GatewayContext> {
  return new ApolloServer<GatewayContext>({
    ...bridge.apollo,
    plugins: [
      // First, so that nothing else happens for what is refused.
      ...policies.plugins,
      ...bridge.apollo.plugins,
      createAnswerPlugin({ serverTiming: !isProduction }),
      ApolloServerPluginCacheControl({ calculateHttpHeaders: false }),
      ApolloServerPluginLandingPageDisabled(),
    ],
    ...(policies.persistedQueries
      ? { persistedQueries: { cache: policies.persistedQueries } }
      : {}),
    formatError: mask,
    stringifyResult,
    logger: log,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    nodeEnv: isProduction ? 'production' : 'development',
  });
}
