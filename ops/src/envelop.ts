import type {
  ApolloServerOptionsWithGateway,
  ApolloServerPlugin,
  BaseContext,
  GraphQLRequestContext,
} from '@apollo/server';
import { envelop, useEngine } from '@envelop/core';
import type { GetEnvelopedFn, Plugin } from '@envelop/core';
import {
  GraphQLError,
  GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  execute,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { DocumentNode, ExecutionArgs, ExecutionResult, ValidationRule } from 'graphql';
import { cachedDocuments } from './envelop-documents.ts';
import { lightContext, operationMetrics } from './envelop-metrics.ts';
import type { KnownOperations, OperationMeter } from './envelop-metrics.ts';
import { failure } from './failures.ts';
import type { Metrics } from './metrics.ts';
import { currentRequest } from './request.ts';

export type { OperationMeter } from './envelop-metrics.ts';

/** The engine that operations are executed by: an `ApolloGateway`, or `schemaEngine(schema)`. */
export type Engine = ApolloServerOptionsWithGateway<BaseContext>['gateway'];

/** What `createEnvelopBridge` needs. */
export type EnvelopBridgeOptions = {
  metrics: Metrics;
  /** Operations with a label of their own in the metrics; default none. */
  knownOperations?: KnownOperations;
  /** Default true. */
  introspection?: boolean;
  /** Further rules that a document has to keep. */
  validationRules?: ValidationRule[];
  /** Tokens that a document may have; default 10,000. */
  maxTokens?: number;
  /** Further Envelop plugins. */
  plugins?: Plugin[];
};

/** Options of an ApolloServer whose phases Envelop runs. */
export type EnvelopedApollo = Pick<
  ApolloServerOptionsWithGateway<BaseContext>,
  'gateway' | 'documentStore' | 'introspection' | 'validationRules' | 'parseOptions'
> & { plugins: [ApolloServerPlugin] };

/** No schema: Envelop keeps its arguments for as long as a stream lives, which may outlive that. */
export type SubscribeArgs = Omit<ExecutionArgs, 'schema'> & { contextValue: object };

/** `getEnveloped` serves subscriptions. */
export type EnvelopBridge = {
  /** To be spread into the options of an ApolloServer over this engine. There may be several. */
  apolloFor(engine: Engine): EnvelopedApollo;
  getEnveloped: GetEnvelopedFn<unknown>;
  /** Measures executions, outside of the phases, of the operation that was parsed with `context`. */
  meterOf(context: object): OperationMeter;
  /** Runs `run` as the subscribe phase of an operation that was parsed with the same context. */
  subscribe<T>(args: SubscribeArgs, run: () => Promise<T>): Promise<T>;
};

/**
 * Lets Envelop run the phases of an ApolloServer: parse and validate once the source is known, and
 * execute around the engine. Documents that fail are left to Apollo, which then parses or validates
 * again and answers in its usual words; so both keep the same rules, which is why `apolloFor` brings
 * them along. One bridge for each registry of metrics, however many servers follow each other.
 */
export function createEnvelopBridge(options: EnvelopBridgeOptions): EnvelopBridge {
  const { metrics, knownOperations = new Set(), introspection = true } = options;
  const { validationRules = [], maxTokens = 10_000 } = options;
  const requests = new WeakMap<object, EngineRequest>();
  const subscriptions = new WeakMap<object, () => Promise<unknown>>();
  const schemaChanges = new EventTarget();
  const measured = operationMetrics(metrics.registry, knownOperations);
  const getEnveloped = envelop({
    plugins: [
      useEngine({ parse, validate, execute, specifiedRules }),
      measured.plugin,
      cachedDocuments(),
      schemaFrom(schemaChanges),
      executedBy(requests),
      subscribedBy(subscriptions),
      ...(options.plugins ?? []),
    ],
  });
  const rules = [...validationRules, ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])];
  const parseOptions = { maxTokens };
  return {
    apolloFor: (engine) => ({
      gateway: envelopedEngine({ engine, getEnveloped, requests, schemaChanges }),
      documentStore: null,
      introspection,
      validationRules,
      parseOptions,
      plugins: [{ requestDidStart: async () => phases(getEnveloped, { rules, parseOptions }) }],
    }),
    getEnveloped,
    meterOf: measured.meterOf,
    async subscribe<T>(args: SubscribeArgs, run: () => Promise<T>) {
      const contextValue = lightContext(args.contextValue);
      subscriptions.set(contextValue, forgetful(run));
      const light = { ...args, schema: NO_SCHEMA, contextValue };
      const stream = await getEnveloped(contextValue).subscribe(light);
      subscriptions.delete(contextValue);
      return stream as T;
    },
  };
}

const NO_SCHEMA = new GraphQLSchema({});

/** Envelop keeps what it has called for as long as the stream lives; this keeps nothing then. */
function forgetful<T>(run: () => Promise<T>): () => Promise<T> {
  const kept = [run];
  return async () => {
    const [once] = kept.splice(0);
    if (!once) throw new Error('A subscription is started once');
    return once();
  };
}

/** An engine that executes by graphql-js, and gives up when the request's signal aborts. */
export function schemaEngine(schema: GraphQLSchema): Engine {
  const listeners = new Set<(change: SchemaChange) => void>();
  return {
    onSchemaLoadOrUpdate(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async load() {
      for (const listener of listeners) listener({ apiSchema: schema, coreSupergraphSdl: '' });
      return {
        executor: async ({ document, context, request, operationName }) =>
          unlessAborted(
            execute({
              schema,
              document,
              contextValue: context,
              variableValues: request.variables ?? null,
              operationName,
            }),
          ),
      };
    },
    async stop() {
      listeners.clear();
    },
  };
}

type SchemaChange = Parameters<Parameters<Engine['onSchemaLoadOrUpdate']>[0]>[0];
type EngineExecutor = NonNullable<Awaited<ReturnType<Engine['load']>>['executor']>;
type EngineContext = Parameters<EngineExecutor>[0];
type EngineRequest = { executor: EngineExecutor; requestContext: EngineContext };

/** The engine as Apollo sees it: loads and stops as before, but executes inside Envelop. */
function envelopedEngine({
  engine,
  getEnveloped,
  requests,
  schemaChanges,
}: {
  engine: Engine;
  getEnveloped: GetEnvelopedFn<unknown>;
  requests: WeakMap<object, EngineRequest>;
  schemaChanges: EventTarget;
}): Engine {
  return {
    onSchemaLoadOrUpdate: (listener) =>
      engine.onSchemaLoadOrUpdate((change) => {
        schemaChanges.dispatchEvent(new CustomEvent('schema', { detail: change.apiSchema }));
        listener(change);
      }),
    async load(loadOptions) {
      const { executor } = await engine.load(loadOptions);
      if (!executor) return { executor };
      return {
        executor: async (requestContext) => {
          const { schema, document, context, request, operationName } = requestContext;
          requests.set(context, { executor, requestContext });
          const enveloped = getEnveloped(context);
          await enveloped.contextFactory();
          try {
            return (await enveloped.execute({
              schema,
              document,
              contextValue: context,
              variableValues: request.variables,
              operationName,
            })) as ExecutionResult<Record<string, unknown>, Record<string, unknown>>;
          } finally {
            // The context of a subscription lives on, and would keep all of Apollo's request.
            requests.delete(context);
          }
        },
      };
    },
    stop: () => engine.stop(),
  };
}

function executedBy(requests: WeakMap<object, EngineRequest>): Plugin {
  return {
    onExecute({ args, setExecuteFn }) {
      const known = requests.get(args.contextValue);
      if (known) setExecuteFn(() => known.executor(known.requestContext));
    },
  };
}

function subscribedBy(subscriptions: WeakMap<object, () => Promise<unknown>>): Plugin {
  return {
    onSubscribe({ args, setSubscribeFn }) {
      const run = subscriptions.get(args.contextValue);
      if (run) setSubscribeFn(run);
    },
  };
}

function schemaFrom(schemaChanges: EventTarget): Plugin {
  return {
    onPluginInit({ setSchema }) {
      schemaChanges.addEventListener('schema', (event) => {
        if (event instanceof CustomEvent) setSchema(event.detail as GraphQLSchema);
      });
    },
  };
}

/** Parse and validate. Setting the document makes Apollo skip its own; a test holds it to that. */
function phases(
  getEnveloped: GetEnvelopedFn<unknown>,
  { rules, parseOptions }: { rules: ValidationRule[]; parseOptions: { maxTokens: number } },
) {
  return {
    async didResolveSource(requestContext: GraphQLRequestContext<BaseContext>) {
      const { schema, source = '', contextValue } = requestContext;
      const enveloped = getEnveloped(contextValue);
      const document = unlessSyntaxError(
        () => enveloped.parse(source, parseOptions) as DocumentNode,
      );
      if (!document) return;
      const errors = enveloped.validate(schema, document, [...specifiedRules, ...rules]);
      if (errors.length === 0) Object.assign(requestContext, { document });
    },
    async didResolveOperation({ operation }: GraphQLRequestContext<BaseContext>) {
      if (operation) return;
      throw failure('OPERATION_RESOLUTION_FAILURE', 'Name one of the operations in the document', {
        http: { status: 400 },
      });
    },
  };
}

function unlessSyntaxError(parsing: () => DocumentNode): DocumentNode | null {
  try {
    return parsing();
  } catch (error) {
    if (error instanceof GraphQLError) return null;
    throw error;
  }
}

/** Execution itself cannot be stopped; its resolvers listen to the signal, and its result is dropped. */
async function unlessAborted(
  result: ExecutionResult | Promise<ExecutionResult>,
): Promise<ExecutionResult<Record<string, unknown>, Record<string, unknown>>> {
  const signal = currentRequest()?.signal;
  if (!signal || !(result instanceof Promise)) return result;
  const aborted = Promise.withResolvers<ExecutionResult>();
  const onAbort = () => aborted.resolve({ data: null, errors: [asGraphQLError(signal.reason)] });
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([aborted.promise, result]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function asGraphQLError(reason: unknown): GraphQLError {
  return reason instanceof GraphQLError ? reason : failure('REQUEST_CANCELED', 'The caller left');
}
