import type { ApolloServer } from '@apollo/server';
import type { EnvelopBridge } from '@quantumroute/ops/envelop';
import { failure } from '@quantumroute/ops/failures';
import type { Identity } from '@quantumroute/ops/identity';
import type { Metrics } from '@quantumroute/ops/metrics';
import { runDetached, runInRequest } from '@quantumroute/ops/request';
import type { Span } from '@quantumroute/ops/tracing';
import { GraphQLError, Kind, getOperationAST } from 'graphql';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { boundErrors } from '../errors/mask.ts';
import type { ErrorMask } from '../errors/mask.ts';
import type { Execution, PreparedOperation, PrimaryFetch } from '../execution/execution.ts';
import type { Caller } from '../identity/caller.ts';
import { noTimings } from '../upstream/timings.ts';
import { cursorIn } from './cursors.ts';
import type { Cursors } from './cursors.ts';
import type { EventStream } from './event-queue.ts';
import { withLifetime } from './lifetime.ts';
import type { Lifetime } from './lifetime.ts';
import { operationScope } from './operation-scope.ts';
import type { IsPersonal } from './personal-operation.ts';
import { shareKeyOf, sharedIdentity } from './share-key.ts';
import type { OpenedSource, SharedStreams } from './shared-streams.ts';
import type { Upstream, UpstreamRequest } from './upstream.ts';

/** What a client sends over a socket or an event stream. */
export type OperationRequest = {
  query?: string;
  operationName?: string;
  variables?: Record<string, unknown>;
  extensions?: Record<string, unknown>;
};

/** One answer, or a stream of them. */
export type OperationAnswer =
  | { kind: 'result'; result: FormattedExecutionResult }
  | { kind: 'stream'; stream: EventStream<FormattedExecutionResult> };

/** Runs an operation of any kind for a caller. It never rejects. */
export type OpenOperation = (
  request: OperationRequest,
  options: {
    caller: Caller;
    signal: AbortSignal;
    /** The transport is not meant for changes, as GET is not: mutations are refused. */
    isReadOnly?: boolean;
  },
) => Promise<OperationAnswer>;

/** The parts that operations of a stream go through. */
export type OpenOperationParts = {
  server: ApolloServer<GatewayContext>;
  execution: Execution;
  /** Starts a stream as the subscribe phase of the operation with this context, for the metrics. */
  subscribe: EnvelopBridge['subscribe'];
  upstreamOf: (subgraph: string) => Upstream;
  streams: SharedStreams;
  cursors: Cursors;
  isPersonal: IsPersonal;
  /** Lets nobody of an organization read what its caches knew before. Never rejects. */
  forget: (identity: Identity) => Promise<void>;
  mask: ErrorMask;
  /** For the first answer, and again for each event. */
  deadlineMs: number;
  metrics: Metrics;
};

/**
 * Sends every operation through Apollo Server's pipeline, where it is admitted like any other. A
 * subscription comes out of it prepared: then its events come from the owning subgraph, and each of
 * them is completed by the ordinary executor, once for all clients who may share it.
 */
export function createOpenOperation(parts: OpenOperationParts): OpenOperation {
  const { server, mask, deadlineMs } = parts;
  return async (request, { caller, signal, isReadOnly = false }) => {
    using opened = operationScope({ signal, deadlineMs });
    const { scope } = opened;
    const prepared: { operation: PreparedOperation; context: object }[] = [];
    const contextValue: GatewayContext = {
      caller,
      scope,
      timings: noTimings(),
      isReadOnly,
      onSubscription: (operation, context) => prepared.push({ operation, context }),
    };
    return await runInRequest(scope, async () => {
      try {
        const { body } = await server.executeOperation(request, { contextValue });
        if (body.kind !== 'single') throw new Error('There are no incremental answers here');
        const [subscription] = prepared;
        if (!subscription) return { kind: 'result', result: body.singleResult };
        const { operation, context } = subscription;
        const { schema, document, operationName, variables: variableValues } = operation;
        const args = { schema, document, operationName, variableValues, contextValue: context };
        const stream = await withLifetime(
          (open) => parts.subscribe(args, open),
          (lifetime) => openStream(operation, { ...parts, caller, scope, request, lifetime }),
        );
        return { kind: 'stream', stream };
      } catch (error) {
        return { kind: 'result', result: { errors: [maskOf(error, mask)] } };
      }
    });
  };
}

type StreamParts = OpenOperationParts &
  Pick<GatewayContext, 'caller' | 'scope'> & { request: OperationRequest; lifetime: Lifetime };

async function openStream(
  operation: PreparedOperation,
  parts: StreamParts,
): Promise<EventStream<FormattedExecutionResult>> {
  const primary = await parts.execution.primaryFetchOf(operation);
  if (!primary) {
    const message = 'A subscription selects exactly one field, without conditions';
    throw failure('GRAPHQL_VALIDATION_FAILED', message);
  }
  const { caller, scope, cursors, metrics, lifetime } = parts;
  const isPersonal = parts.isPersonal(operation.document, operation.variables);
  const identity = sharedIdentity(caller.identity, { isPersonal });
  const key = shareKeyOf(operation, identity);
  const cursor = cursorIn(parts.request.extensions);
  const from = cursor ? cursors.open(cursor, key) : null;
  const gauge = metrics.openSubscriptions.labels({ field: rootFieldOf(operation) });
  const joining = { from, wantsCursor: cursor !== undefined, ...counted(lifetime, gauge) };
  const stream = parts.streams.join(key, joining, () =>
    openSource(operation, {
      ...parts,
      caller: { ...caller, identity },
      seal: (position) => cursors.seal(position, key),
      request: { ...primary, position: from, requestId: scope.requestId, identity },
    }),
  );
  gauge.inc();
  return stream;
}

/** Apart, because closures keep what is around them: here that would be the whole request. */
function counted({ onFailed, onGone }: Lifetime, gauge: { dec(): void }): Lifetime {
  return {
    onFailed,
    onGone() {
      gauge.dec();
      onGone();
    },
  };
}

type SourceParts = Pick<
  OpenOperationParts,
  'execution' | 'upstreamOf' | 'forget' | 'mask' | 'deadlineMs'
> &
  Pick<OpenedSource, 'seal'> & { caller: Caller; request: UpstreamRequest & PrimaryFetch };

/** Lives for as long as anybody shares it, whoever was the first. */
function openSource(operation: PreparedOperation, parts: SourceParts): OpenedSource {
  const { execution, mask, deadlineMs, caller, request, seal } = parts;
  const ended = new AbortController();
  const completing = { execution, mask, deadlineMs, caller, signal: ended.signal };
  return {
    field: rootFieldOf(operation),
    source: runDetached(() => parts.upstreamOf(request.subgraph).subscribe(request)),
    complete: (event, span) => completeEvent(event, operation, { ...completing, span }),
    beforeTold: () => parts.forget(caller.identity),
    seal,
    onEnd: () => ended.abort(),
  };
}

type CompleteParts = Pick<SourceParts, 'execution' | 'mask' | 'deadlineMs' | 'caller'> & {
  signal: AbortSignal;
  span: Span | undefined;
};

/** Each event with the fields of the other subgraphs, masked like any other answer. */
async function completeEvent(
  event: FormattedExecutionResult,
  operation: PreparedOperation,
  { execution, mask, deadlineMs, caller, signal, span }: CompleteParts,
): Promise<FormattedExecutionResult> {
  using opened = operationScope({ signal, deadlineMs });
  const { scope } = opened;
  if (span) scope.span = span;
  const context: GatewayContext = { caller, scope, timings: noTimings(), event };
  return await runInRequest(scope, async () => {
    try {
      // Without data there is nothing to complete: executing would only add nulls and errors.
      const { data, errors = [] } = event.data
        ? await execution.execute(operation, context)
        : event;
      const masked = boundErrors(errors.map((error) => maskOf(error, mask)));
      return {
        ...(data ? { data } : { data: null }),
        ...(masked.length ? { errors: masked } : {}),
      };
    } catch (error) {
      return { data: null, errors: [maskOf(error, mask)] };
    }
  });
}

function maskOf(error: unknown, mask: ErrorMask): GraphQLFormattedError {
  if (error instanceof GraphQLError) return mask(error.toJSON(), error);
  const isFormatted = typeof error === 'object' && error !== null && !(error instanceof Error);
  return mask(isFormatted ? (error as GraphQLFormattedError) : { message: '' }, error);
}

function rootFieldOf({ document, operationName }: PreparedOperation): string {
  const selection = getOperationAST(document, operationName)?.selectionSet.selections[0];
  return selection?.kind === Kind.FIELD ? selection.name.value : 'fragment';
}
