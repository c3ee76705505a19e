import { randomUUID } from 'node:crypto';
import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  createSourceEventStream,
  execute,
  getOperationAST,
  specifiedRules,
} from 'graphql';
import type {
  DocumentNode,
  ExecutionArgs,
  ExecutionResult,
  FormattedExecutionResult,
  GraphQLFormattedError,
  GraphQLSchema,
} from 'graphql';
import type { EnvelopBridge } from './envelop.ts';
import { failure } from './failures.ts';
import type { Identity } from './identity.ts';
import { LiveEvent, LiveMark } from './live-event.ts';
import type { Metrics } from './metrics.ts';
import { newRequestScope, runInRequest } from './request.ts';
import type { RequestScope } from './request.ts';
import type { SubgraphRequest } from './subgraph-server.ts';
import { resultStream } from './subscription-stream.ts';
import type { ResultStream } from './subscription-stream.ts';
import { endSpan, startWorkSpan, traceHeaderOf } from './tracing.ts';

/** One subscription that somebody asks for. */
export type SubscriptionRequest = {
  query: string;
  variables?: Record<string, unknown> | null | undefined;
  operationName?: string | null | undefined;
  identity: Identity;
  requestId?: string;
  /**
   * Null, or the position of an event to go on after: then results carry `extensions.live`, and
   * there are some without data, which are marks. Left out, it is as if nobody could resume.
   */
  position?: string | null;
};

/** Starts a subscription; a result instead of a stream means that it was refused. */
export type Subscribe = (
  request: SubscriptionRequest,
) => Promise<ResultStream | FormattedExecutionResult>;

/** What `createSubscribe` needs. */
export type SubscribeOptions<C extends object> = {
  schema: GraphQLSchema;
  bridge: EnvelopBridge;
  createContext: (request: SubgraphRequest) => C | Promise<C>;
  formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
  metrics: Metrics;
};

/**
 * Makes the function that starts subscriptions. Each event is executed in a context of its own, so
 * that no loader answers from what it has read for an earlier event.
 */
export function createSubscribe<C extends object>(options: SubscribeOptions<C>): Subscribe {
  return async (request) => {
    const leaving = new AbortController();
    const scope = newRequestScope({
      requestId: request.requestId ?? randomUUID(),
      signal: leaving.signal,
      resumesAt: request.position,
    });
    return runInRequest(scope, async () => {
      try {
        return await start({ request, scope, leaving, ...options });
      } catch (error) {
        leaving.abort();
        return formatted({ errors: [asGraphQLError(error)] }, options.formatError);
      }
    });
  };
}

type Start<C extends object> = SubscribeOptions<C> & {
  request: SubscriptionRequest;
  scope: RequestScope;
  leaving: AbortController;
};

async function start<C extends object>(
  options: Start<C>,
): Promise<ResultStream | FormattedExecutionResult> {
  const { schema, bridge, createContext, formatError, request } = options;
  const { requestId, signal } = options.scope;
  const context = () => createContext({ identity: request.identity, requestId, signal });
  const contextValue = await context();
  const enveloped = bridge.getEnveloped(contextValue as Record<string, unknown>);
  const document = enveloped.parse(request.query, { maxTokens: MAX_TOKENS }) as DocumentNode;
  const errors = enveloped.validate(schema, document, [...specifiedRules]) as GraphQLError[];
  if (errors.length > 0) return formatted({ errors: errors.map(invalid) }, formatError);
  const field = subscriptionField(document, request.operationName);
  const args = {
    schema,
    document,
    contextValue,
    variableValues: request.variables ?? null,
    operationName: request.operationName ?? null,
  };
  return bridge.subscribe(args, () => open({ ...options, args, context, field }));
}

async function open<C extends object>({
  args,
  context,
  field,
  ...options
}: Start<C> & {
  args: ExecutionArgs;
  context: () => C | Promise<C>;
  field: string;
}): Promise<ResultStream | FormattedExecutionResult> {
  const { formatError, leaving } = options;
  const showsLive = options.request.position !== undefined;
  const { requestId, signal } = options.scope;
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return formatted(source, formatError);
  const gauge = options.metrics.openSubscriptions.labels({ field });
  gauge.inc();
  return resultStream({
    source,
    scope: options.scope,
    execute: async (event) => {
      if (event instanceof LiveMark) return showsLive ? { extensions: { live: event.note } } : null;
      const rootValue = event instanceof LiveEvent ? event.value : event;
      const eventScope = newRequestScope({ requestId, signal });
      const span = startWorkSpan(`event ${field}`);
      if (span) eventScope.span = span;
      const result = await runInRequest(eventScope, async () =>
        execute({ ...args, rootValue, contextValue: await context() }),
      );
      endSpan(span, result.errors && 'The event has errors');
      const told = formatted(result, formatError);
      if (!showsLive || !(event instanceof LiveEvent)) return told;
      const live = { ...event.note, ...(span ? { trace: traceHeaderOf(span) } : {}) };
      return { ...told, extensions: { ...told.extensions, live } };
    },
    failed: (error) => formatted({ errors: [asGraphQLError(error)] }, formatError),
    onEnd() {
      gauge.dec();
      leaving.abort(failure('REQUEST_CANCELED', 'The subscription has ended'));
    },
  });
}

const MAX_TOKENS = 10_000;

function invalid(error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes,
    extensions: { ...error.extensions, code: 'GRAPHQL_VALIDATION_FAILED' },
  });
}

function subscriptionField(document: DocumentNode, operationName?: string | null): string {
  const operation = getOperationAST(document, operationName);
  if (!operation) {
    throw failure('OPERATION_RESOLUTION_FAILURE', 'Name one of the operations in the document');
  }
  if (operation.operation !== OperationTypeNode.SUBSCRIPTION) {
    throw failure('BAD_REQUEST', `Subscriptions only, got a ${operation.operation}`);
  }
  const [selection] = operation.selectionSet.selections;
  return selection?.kind === Kind.FIELD ? selection.name.value : 'other';
}

function asGraphQLError(error: unknown): GraphQLError {
  if (!(error instanceof GraphQLError)) {
    return new GraphQLError('Internal server error', {
      originalError: error instanceof Error ? error : null,
    });
  }
  const isSyntaxError = error.extensions['code'] === undefined && !error.originalError;
  if (!isSyntaxError) return error;
  return new GraphQLError(error.message, {
    source: error.source,
    positions: error.positions,
    extensions: { code: 'GRAPHQL_PARSE_FAILED' },
  });
}

function formatted(
  { data, errors, extensions }: ExecutionResult,
  formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError,
): FormattedExecutionResult {
  return {
    ...(errors ? { errors: errors.map((error) => formatError(error.toJSON(), error)) } : {}),
    ...(data === undefined ? {} : { data }),
    ...(extensions ? { extensions } : {}),
  };
}
