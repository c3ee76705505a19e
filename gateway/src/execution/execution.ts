import { setImmediate } from 'node:timers/promises';
import { ApolloGateway } from '@apollo/gateway';
import type { GraphQLDataSource } from '@apollo/gateway';
import type { Engine } from '@quantumroute/ops/envelop';
import { failure } from '@quantumroute/ops/failures';
import type { Logger } from '@quantumroute/ops/log';
import { parse, validate } from 'graphql';
import type { DocumentNode, ExecutionResult } from 'graphql';
import { fromByteText } from '../byte-text.ts';
import type { GatewayContext } from '../context.ts';
import { teachScalars } from '../supergraph/known-scalars.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import type { FetchContext } from '../upstream/ask-subgraph.ts';
import type { RecentOperation } from './compiled-operations.ts';
import { createExecutor } from './executor.ts';
import type { ExecutableOperation, ExecutedAnswer, Executor } from './executor.ts';
import { FinishedText } from './finished-text.ts';
import { teachOneOf } from './planner.ts';
import type { AskSubgraph } from './run.ts';

/** The first fetch of a subscription: what its owning subgraph is to be asked. */
export type PrimaryFetch = {
  subgraph: string;
  query: string;
  variables: Record<string, unknown>;
};

/** An operation that was admitted and is ready to be executed, any number of times. */
export type PreparedOperation = {
  /** The text of the document. */
  source: string;
  document: DocumentNode;
  operationName: string | null;
  variables: Record<string, unknown>;
  /** Finds the plan again that the first execution made. */
  queryHash: string;
};

/** Plans operations over the supergraph and executes the plans. */
export type Execution = {
  /** To be given to Apollo Server, which loads and stops it. */
  engine: Engine;
  /** Where a subscription's events come from; null when the plan does not begin with a subgraph. */
  primaryFetchOf(operation: PreparedOperation): Promise<PrimaryFetch | null>;
  /** Executes a query that was admitted. Data are JSON, and undefined when nothing was executed. */
  run(operation: ExecutableOperation, fetches: FetchContext): Promise<ExecutedAnswer>;
  /** Executes once; for subscriptions `context.event` takes the place of the primary fetch. */
  execute(operation: PreparedOperation, context: object): Promise<ExecutionResult>;
  /** Compiles documents by their hash, one after the other, while others get their turns. */
  prepare(documents: ReadonlyMap<string, string>, signal: AbortSignal): Promise<void>;
  /** What is compiled, the last used last. */
  recent(): RecentOperation[];
  /** Compiles what was in use over another supergraph, as far as it is valid here, in turns too. */
  warm(operations: readonly RecentOperation[], signal: AbortSignal): Promise<void>;
};

/**
 * `@apollo/gateway` loads the supergraph, and its planner plans. Plans are executed by our own
 * executor, subscriptions too: their first fetch is answered by the event.
 */
export function createExecution({
  supergraph,
  ask,
  maxOperations,
  log,
}: {
  supergraph: Supergraph;
  ask: AskSubgraph<FetchContext>;
  /** How many operations stay compiled. */
  maxOperations: number;
  log: Logger;
}): Execution {
  const executor = createExecutor({
    supergraphSdl: supergraph.executableSdl,
    ask,
    maxOperations,
    onUnusable: (subgraph, text) =>
      log.warn({ subgraph, characters: text.length }, 'subgraph gave no usable answer'),
  });
  const apollo = new ApolloGateway({
    supergraphSdl: supergraph.executableSdl,
    buildService: () => NEVER_ASKED,
    logger: log,
  });
  return {
    engine: engineOf({ apollo, executor, supergraph }),
    async primaryFetchOf(operation) {
      const { node } = executor.planOf(operation);
      if (node?.kind !== 'Subscription') return null;
      const { serviceName: subgraph, operation: query, variableUsages = [] } = node.primary;
      const used = variableUsages.filter((name) => Object.hasOwn(operation.variables, name));
      const variables = Object.fromEntries(used.map((name) => [name, operation.variables[name]]));
      return { subgraph, query, variables };
    },
    run: (operation, fetches) => executor.execute(operation, fetches),
    async execute(operation, given) {
      const context = given as GatewayContext;
      const { event } = context;
      const fetches = { context, restrict: () => undefined };
      const { data, errors } = await executor.execute(operation, fetches, { event });
      return {
        data:
          typeof data === 'string'
            ? (JSON.parse(fromByteText(data)) as ExecutionResult['data'])
            : null,
        ...(errors.length > 0 ? { errors } : {}),
      };
    },
    async prepare(documents, signal) {
      for (const [hash, text] of documents) {
        await setImmediate();
        if (signal.aborted) return;
        try {
          executor.prepare(parse(text), hash);
        } catch (error) {
          log.warn({ err: error, hash }, 'a registered operation could not be compiled');
        }
      }
    },
    recent: executor.recent,
    async warm(operations, signal) {
      for (const { of, variables } of operations) {
        await setImmediate();
        if (signal.aborted) return;
        // One that cannot be planned is refused when somebody asks for it.
        if (validate(executor.apiSchema, of.document).length === 0) {
          attempt(() => executor.planOf({ ...of, variables }));
        }
      }
    },
  };
}

function attempt(work: () => unknown): void {
  try {
    work();
  } catch {
    // Nothing depends on it.
  }
}

type EngineExecutor = NonNullable<Awaited<ReturnType<Engine['load']>>['executor']>;
type ExecutorResult = Awaited<ReturnType<EngineExecutor>>;
type RequestContext = Parameters<EngineExecutor>[0];

/** The gateway's own executor is never called, and so neither are its data sources. */
const NEVER_ASKED: GraphQLDataSource = {
  async process() {
    throw new Error('Subgraphs are asked by our own executor');
  },
};

function engineOf({
  apollo,
  executor,
  supergraph,
}: {
  apollo: ApolloGateway;
  executor: Executor<FetchContext>;
  supergraph: Supergraph;
}): Engine {
  return {
    async load(options) {
      await apollo.load(options);
      return {
        async executor(requestContext) {
          const { operation, context: given } = requestContext;
          const context = given as GatewayContext;
          if (operation.operation === 'mutation' && context.isReadOnly) {
            return { errors: [failure('BAD_REQUEST', 'A mutation needs POST')] };
          }
          if (operation.operation === 'subscription') return prepareSubscription(requestContext);
          return resultOf(
            await executor.execute(executableOf(requestContext), {
              context,
              restrict: (policy) => requestContext.overallCachePolicy?.restrict(policy),
            }),
          );
        },
      };
    },
    onSchemaLoadOrUpdate: (listener) =>
      apollo.onSchemaLoadOrUpdate((loaded) => {
        teachScalars(loaded.apiSchema);
        teachOneOf(loaded.apiSchema, supergraph.schema);
        listener(loaded);
      }),
    stop: () => apollo.stop(),
  };
}

function executableOf({ document, operationName, request, queryHash }: RequestContext) {
  return { document, operationName, variables: request.variables ?? {}, queryHash };
}

function resultOf({ data, errors }: ExecutedAnswer): ExecutorResult {
  const shown = typeof data === 'string' ? new FinishedText(fromByteText(data)) : data;
  const result = {
    ...(shown === undefined ? {} : { data: shown }),
    ...(errors.length > 0 ? { errors } : {}),
  };
  // Apollo Server passes data on to `stringifyResult` without a look at them.
  return result as ExecutorResult;
}

/** A subscription is admitted here; whoever can stream takes it over. */
function prepareSubscription({
  source,
  document,
  operationName,
  queryHash,
  request,
  context,
}: RequestContext): ExecutorResult {
  const { onSubscription } = context as GatewayContext;
  if (!onSubscription) {
    const message = 'Subscriptions need graphql-ws or an event stream: see the accept header';
    return { errors: [failure('BAD_REQUEST', message)] };
  }
  const variables = request.variables ?? {};
  onSubscription({ source, document, operationName, variables, queryHash }, context);
  return { data: null };
}
