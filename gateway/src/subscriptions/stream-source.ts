import { failure } from '@quantumroute/ops/failures';
import type { Identity } from '@quantumroute/ops/identity';
import { runDetached, runInRequest } from '@quantumroute/ops/request';
import type { Span } from '@quantumroute/ops/tracing';
import { Kind, getOperationAST } from 'graphql';
import type { FormattedExecutionResult } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { Engine } from '../engine/engine.ts';
import { boundErrors, maskAny } from '../errors/mask.ts';
import type { ErrorMask } from '../errors/mask.ts';
import type { PreparedOperation, PrimaryFetch } from '../execution/execution.ts';
import type { Caller } from '../identity/caller.ts';
import { noTimings } from '../upstream/timings.ts';
import type { Cursors } from './cursors.ts';
import type { EventStream } from './event-queue.ts';
import { operationScope } from './operation-scope.ts';
import { shareKeyOf, sharedIdentity } from './share-key.ts';
import type { Upstream } from './upstream.ts';

/** A subscription as one engine plans it, for all who may share it. */
export type StreamPlan = {
  engine: Engine;
  operation: PreparedOperation;
  /** What is subscribed to, for spans and metrics. */
  field: string;
  isPersonal: boolean;
  /** Whom it is run as. */
  caller: Caller;
  /** Who has the same key may share it. */
  key: string;
  primary: PrimaryFetch;
  upstream: Upstream;
};

/** What a shared subscription runs on. */
export type StreamSource = {
  plan: StreamPlan;
  /** Begins to listen: to what comes after a position, or from now on. */
  open(position: string | null): EventStream<FormattedExecutionResult>;
  /** Completes an event, once for all; never rejects. */
  complete(event: FormattedExecutionResult, span?: Span): Promise<FormattedExecutionResult>;
  /** Before anybody is told of an event that no cache may contradict. Never rejects. */
  beforeTold(): Promise<void>;
  seal(position: string): string;
  onEnd(): void;
};

/** What sources need, whoever plans them. */
export type SourceParts = {
  cursors: Cursors;
  /** Lets nobody of an organization read what its caches knew before. Never rejects. */
  forget: (identity: Identity) => Promise<void>;
  mask: ErrorMask;
  /** For each event. */
  deadlineMs: number;
};

/** Plans a subscription that was admitted. Rejects when none of its events could be told. */
export async function planStream(
  engine: Engine,
  { operation, caller }: { operation: PreparedOperation; caller: Caller },
): Promise<StreamPlan> {
  const primary = await engine.execution.primaryFetchOf(operation);
  if (!primary) {
    const message = 'A subscription selects exactly one field, without conditions';
    throw failure('GRAPHQL_VALIDATION_FAILED', message);
  }
  const isPersonal = engine.isPersonal(operation.document, operation.variables);
  const identity = sharedIdentity(caller.identity, { isPersonal });
  return {
    engine,
    operation,
    field: rootFieldOf(operation),
    isPersonal,
    caller: { ...caller, identity },
    key: shareKeyOf(operation, identity),
    primary,
    upstream: engine.upstreams.upstreamOf(primary.subgraph),
  };
}

/** Lives for as long as anybody shares it, whoever was the first. */
export function streamSource(
  plan: StreamPlan,
  { requestId, ...parts }: SourceParts & { requestId: string },
): StreamSource {
  const { primary, upstream, caller, key } = plan;
  const { query, variables } = primary;
  const { identity } = caller;
  const ended = new AbortController();
  return {
    plan,
    open: (position) =>
      runDetached(() => upstream.subscribe({ query, variables, position, requestId, identity })),
    complete: (event, span) => completeEvent(event, plan, { ...parts, signal: ended.signal, span }),
    beforeTold: () => parts.forget(identity),
    seal: (position) => parts.cursors.seal(position, key),
    onEnd: () => ended.abort(),
  };
}

/** Each event with the fields of the other subgraphs, masked like any other answer. */
async function completeEvent(
  event: FormattedExecutionResult,
  { engine, operation, caller }: StreamPlan,
  { mask, deadlineMs, signal, span }: SourceParts & { signal: AbortSignal; span: Span | undefined },
): Promise<FormattedExecutionResult> {
  using _use = engine.usage.enter();
  using opened = operationScope({ signal, deadlineMs });
  const { scope } = opened;
  if (span) scope.span = span;
  const context: GatewayContext = { caller, scope, timings: noTimings(), event };
  return await runInRequest(scope, async () => {
    try {
      // Without data there is nothing to complete: executing would only add nulls and errors.
      const { data, errors = [] } = event.data
        ? await engine.execution.execute(operation, context)
        : event;
      const masked = boundErrors(errors.map((error) => maskAny(error, mask)));
      return {
        ...(data ? { data } : { data: null }),
        ...(masked.length ? { errors: masked } : {}),
      };
    } catch (error) {
      return { data: null, errors: [maskAny(error, mask)] };
    }
  });
}

function rootFieldOf({ document, operationName }: PreparedOperation): string {
  const selection = getOperationAST(document, operationName)?.selectionSet.selections[0];
  return selection?.kind === Kind.FIELD ? selection.name.value : 'fragment';
}
