import { operatorRoutes } from '@quantumroute/ops/health';
import { createHttpServer } from '@quantumroute/ops/http';
import type { Handler, HttpServer, Lane, Route } from '@quantumroute/ops/http';
import type { Logger } from '@quantumroute/ops/log';
import type { Metrics } from '@quantumroute/ops/metrics';
import { currentRequest } from '@quantumroute/ops/request';
import { originsIn } from './config.ts';
import type { ServingConfig } from './config.ts';
import { createEngineParts } from './engine/engine.ts';
import type { EngineParts } from './engine/engine.ts';
import { startEngines } from './engine/engines.ts';
import type { Engines } from './engine/engines.ts';
import { withPlainData } from './execution/finished-text.ts';
import { openTransport } from './http/transport.ts';
import type { Transport } from './http/transport.ts';
import { ANONYMOUS_CALLER } from './identity/caller.ts';
import type { Policies } from './policies.ts';
import { createHttpStreams, wantsStream } from './subscriptions/http-streams.ts';
import { createLiveConnections } from './subscriptions/live-connections.ts';
import { createOpenOperation } from './subscriptions/open-operation.ts';
import { serveSockets } from './subscriptions/web-socket.ts';
import type { SocketServer } from './subscriptions/web-socket.ts';
import type { Supergraph } from './supergraph/supergraph.ts';
import { createTrackingPage } from './tracking/tracking-page.ts';
import type { Subgraphs } from './upstream/subgraphs.ts';

/** What a gateway is made of. */
export type GatewayParts = {
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
  /** Another supergraph takes over from the present one: see `engine/engines.ts`. */
  take: Engines['take'];
  /** Operations in flight get `graceMs` to finish; sockets and streams move in the first half. */
  close(options?: { graceMs?: number }): Promise<void>;
};

/**
 * Puts the rooms together, in the order in which a request meets them. `supergraph` is the first
 * that is served.
 */
export async function createGateway(supergraph: Supergraph, parts: GatewayParts): Promise<Gateway> {
  const transport = await openTransport(parts.config, parts.log);
  const engineParts = createEngineParts(parts);
  const engines = await startEngines(supergraph, engineParts);
  const live = createLive(engineParts, engines);
  let isStopping = false;
  const http = createFront(parts, { engines, live, transport, isStopping: () => isStopping });
  const sockets = createSockets(parts, { http, live });
  return {
    listen: (port, host) => http.listen(port, host),
    take: engines.take,
    async close({ graceMs = 10_000 } = {}) {
      isStopping = true;
      const until = Date.now() + graceMs;
      const withinMs = Math.min(parts.config.GATEWAY_DRAIN_MS, graceMs / 2);
      await live.connections.drain({ withinMs });
      await sockets.close({ graceMs: Math.max(LEAST_CLOSING_MS, until - Date.now()) });
      await http.close({ graceMs: Math.max(0, until - Date.now()) });
      await engines.stop();
    },
  };
}

// Less than what proxies commonly take for dead.
const HEARTBEAT_MS = 12_000;
const SHORTEST_PING_MS = 50;
const LEAST_CLOSING_MS = 1_000;

type Live = ReturnType<typeof createLive>;

/** What stays open: subscriptions and the connections of clients. */
function createLive(parts: EngineParts, engines: Engines) {
  const { config, policies, metrics } = parts;
  const openOperation = createOpenOperation({
    engines,
    source: parts.source,
    subscribe: parts.bridge.subscribe,
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
  return { openOperation, connections, streams };
}

function createFront(
  parts: GatewayParts,
  {
    engines,
    live,
    transport,
    isStopping,
  }: { engines: Engines; live: Live; transport: Transport; isStopping: () => boolean },
): HttpServer {
  const { config, log, metrics, routes = {} } = parts;
  return createHttpServer({
    ...transport,
    log,
    metrics,
    cors: { origins: originsIn(config.GATEWAY_CORS_ORIGINS) },
    routes: {
      ...routes,
      ...trackingRoutes(parts, live),
      ...operatorRoutes({ log, metrics, readiness: {}, isStopping }),
      '/graphql': { ...operationsOverHttp(engines, live), deadline: false },
      '/graphql/stream': { handler: live.streams, deadline: false },
    },
  });
}

/** A request is served by one engine throughout. What stays open outlives engines. */
function operationsOverHttp(engines: Engines, { streams }: Live): { lane: Lane; handler: Handler } {
  return {
    lane(request, response, way) {
      if (wantsStream(request)) return way.serve();
      engines.serving(request, response).http.lane(request, response, way);
    },
    handler(request, response) {
      if (wantsStream(request)) return streams(request, response);
      return engines.serving(request, response).http.graphql(request, response);
    },
  };
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
