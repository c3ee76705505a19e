import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { createEnvelopBridge } from '@quantumroute/ops/envelop';
import type { EnvelopBridge } from '@quantumroute/ops/envelop';
import type { Handler, Lane } from '@quantumroute/ops/http';
import type { GatewayContext } from '../context.ts';
import { createErrorMask } from '../errors/mask.ts';
import type { ErrorMask } from '../errors/mask.ts';
import { createExecution } from '../execution/execution.ts';
import type { Execution } from '../execution/execution.ts';
import { stringifyResult } from '../execution/finished-text.ts';
import { createAnswerLane } from '../http/answer-lane.ts';
import { createAnswerPlugin } from '../http/answer-plugin.ts';
import { createGraphqlHandler } from '../http/graphql-handler.ts';
import { createQueryLane } from '../http/query-lane.ts';
import type { Rules } from '../policies.ts';
import type { GatewayParts } from '../server.ts';
import { createCursors } from '../subscriptions/cursors.ts';
import { createLiveMetrics } from '../subscriptions/live-metrics.ts';
import type { LiveMetrics } from '../subscriptions/live-metrics.ts';
import { createIsPersonal } from '../subscriptions/personal-operation.ts';
import type { IsPersonal } from '../subscriptions/personal-operation.ts';
import { createSharedStreams } from '../subscriptions/shared-streams.ts';
import type { SharedStreams } from '../subscriptions/shared-streams.ts';
import type { SourceParts } from '../subscriptions/stream-source.ts';
import { createUpstreamsFor } from '../subscriptions/upstreams.ts';
import type { Upstreams } from '../subscriptions/upstreams.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { createAskSubgraph } from '../upstream/ask-subgraph.ts';
import type { ConnectedSubgraphs } from '../upstream/subgraphs.ts';
import { createUsage } from './usage.ts';
import type { Usage } from './usage.ts';

/**
 * Everything of the gateway that depends on the supergraph, and all that was learned under it: what
 * was admitted, planned, shared. A changed supergraph gets another one.
 */
export type Engine = {
  supergraph: Supergraph;
  subgraphs: ConnectedSubgraphs;
  execution: Execution;
  /** Apollo Server with our plugins, around our own execution. */
  server: ApolloServer<GatewayContext>;
  /** The short way of requests over HTTP, and the long one. */
  http: { lane: Lane; graphql: Handler };
  isPersonal: IsPersonal;
  upstreams: Upstreams;
  streams: SharedStreams;
  /** Whoever works with it enters first, or it may be stopped under him. */
  usage: Usage;
  stop(): Promise<void>;
};

/** What all engines of a gateway have in common. */
export type EngineParts = GatewayParts & {
  bridge: EnvelopBridge;
  mask: ErrorMask;
  source: SourceParts;
  liveMetrics: LiveMetrics;
  upstreamsFor: (subgraphs: ConnectedSubgraphs) => Upstreams;
};

/** To be made once for each gateway, whose metrics these are. */
export function createEngineParts(parts: GatewayParts): EngineParts {
  const { config, policies, log, metrics, knownOperations } = parts;
  const isProduction = config.NODE_ENV === 'production';
  const mask = createErrorMask({ log, hideSuggestions: isProduction });
  return {
    ...parts,
    bridge: createEnvelopBridge({
      metrics,
      introspection: !isProduction,
      ...(knownOperations ? { knownOperations } : {}),
    }),
    mask,
    source: {
      cursors: createCursors(policies.cursorSecret ?? randomBytes(32)),
      forget: policies.forget,
      mask,
      deadlineMs: config.GATEWAY_REQUEST_DEADLINE_MS,
    },
    liveMetrics: createLiveMetrics(metrics.registry),
    upstreamsFor: createUpstreamsFor({ sign: policies.sign, config, log }),
  };
}

/** Rejects for a supergraph that cannot be served, and leaves nothing behind then. */
export async function startEngine(supergraph: Supergraph, parts: EngineParts): Promise<Engine> {
  const { config, liveMetrics } = parts;
  await using stack = new AsyncDisposableStack();
  const subgraphs = parts.subgraphs.connect(supergraph);
  stack.defer(() => subgraphs.close());
  const upstreams = parts.upstreamsFor(subgraphs);
  stack.defer(() => upstreams.close());
  // What takes long is done in turns with those who are served meanwhile.
  await setImmediate();
  const execution = createExecutionOf(supergraph, { ...parts, connected: subgraphs });
  await setImmediate();
  const rules = parts.policies.rulesFor(supergraph);
  const server = createApolloServer({ ...parts, execution, rules });
  await server.start();
  stack.defer(() => server.stop());
  const started = stack.move();
  return {
    supergraph,
    subgraphs,
    execution,
    server,
    http: createHttp({ ...parts, server, execution, rules }),
    isPersonal: createIsPersonal(supergraph.schema),
    upstreams,
    streams: createSharedStreams({
      capacity: config.GATEWAY_MAX_BUFFERED_EVENTS,
      metrics: liveMetrics,
    }),
    usage: createUsage(),
    stop: () => started.disposeAsync(),
  };
}

function createExecutionOf(
  supergraph: Supergraph,
  { connected, config, policies, log }: EngineParts & { connected: ConnectedSubgraphs },
): Execution {
  return createExecution({
    supergraph,
    maxOperations: config.GATEWAY_COMPILED_OPERATIONS,
    log,
    ask: createAskSubgraph({
      clientOf: (name) => connected.clientOf(name),
      sign: policies.sign,
      timeoutMs: config.GATEWAY_SUBGRAPH_TIMEOUT_MS,
      log,
    }),
  });
}

type Parts = EngineParts & { execution: Execution; rules: Rules };

function createApolloServer({
  policies,
  config,
  log,
  bridge,
  mask,
  execution,
  rules,
}: Parts): ApolloServer<GatewayContext> {
  const isProduction = config.NODE_ENV === 'production';
  const enveloped = bridge.apolloFor(execution.engine);
  return new ApolloServer<GatewayContext>({
    ...enveloped,
    plugins: [
      // First, so that nothing else happens for what is refused.
      ...rules.plugins,
      ...enveloped.plugins,
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

function createHttp({
  server,
  execution,
  rules,
  policies,
  config,
  bridge,
  mask,
  metrics,
}: Parts & { server: ApolloServer<GatewayContext> }): Engine['http'] {
  const isProduction = config.NODE_ENV === 'production';
  const { callers, generations } = policies;
  const { admit, answers } = rules;
  const deadlineMs = config.GATEWAY_REQUEST_DEADLINE_MS;
  const serverTiming = !isProduction;
  const lane = createAnswerLane({
    known: callers.known,
    answers,
    generations,
    runQuery: createQueryLane({ execution, admit, answers, mask, deadlineMs, serverTiming }),
    meterOf: bridge.meterOf,
    metrics,
    serverTiming,
  });
  const graphql = createGraphqlHandler({
    server,
    authenticate: callers.authenticate,
    lane,
    deadlineMs,
    allowsUnbatched: !isProduction,
  });
  return { lane: lane.lane, graphql };
}
