import type { EnvelopBridge } from '@quantumroute/ops/envelop';
import type { Metrics } from '@quantumroute/ops/metrics';
import { runInRequest } from '@quantumroute/ops/request';
import type { FormattedExecutionResult } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { Engine } from '../engine/engine.ts';
import type { Engines } from '../engine/engines.ts';
import { maskAny } from '../errors/mask.ts';
import type { PreparedOperation } from '../execution/execution.ts';
import type { Caller } from '../identity/caller.ts';
import { cursorIn } from './cursors.ts';
import type { EventStream } from './event-queue.ts';
import { withLifetime } from './lifetime.ts';
import type { Lifetime } from './lifetime.ts';
import { operationScope } from './operation-scope.ts';
import { prepareOperation } from './prepare-operation.ts';
import { planStream, streamSource } from './stream-source.ts';
import type { SourceParts } from './stream-source.ts';

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
  engines: Engines;
  /** Its deadline is that of the first answer too. */
  source: SourceParts;
  /** Starts a stream as the subscribe phase of the operation with this context, for the metrics. */
  subscribe: EnvelopBridge['subscribe'];
  metrics: Metrics;
};

/**
 * Sends every operation through Apollo Server's pipeline, where it is admitted like any other. A
 * subscription comes out of it prepared: then its events come from the owning subgraph, and each of
 * them is completed by the ordinary executor, once for all clients who may share it.
 */
export function createOpenOperation(parts: OpenOperationParts): OpenOperation {
  const { engines } = parts;
  const { mask, deadlineMs } = parts.source;
  return async (request, { caller, signal, isReadOnly = false }) => {
    const { current: engine } = engines;
    using _use = engine.usage.enter();
    using opened = operationScope({ signal, deadlineMs });
    const { scope } = opened;
    return await runInRequest(scope, async () => {
      try {
        const prepared = await prepareOperation(engine, request, { caller, scope, isReadOnly });
        if (prepared.kind === 'result') return prepared;
        const { operation, context } = prepared;
        const { document, operationName, variables: variableValues } = operation;
        const args = { document, operationName, variableValues, contextValue: context };
        const stream = await withLifetime(
          (open) => parts.subscribe(args, open),
          (lifetime) =>
            openStream(operation, { ...parts, engine, caller, scope, request, lifetime }),
        );
        return { kind: 'stream', stream };
      } catch (error) {
        return { kind: 'result', result: { errors: [maskAny(error, mask)] } };
      }
    });
  };
}

type StreamParts = OpenOperationParts &
  Pick<GatewayContext, 'caller' | 'scope'> & {
    engine: Engine;
    request: OperationRequest;
    lifetime: Lifetime;
  };

async function openStream(
  operation: PreparedOperation,
  parts: StreamParts,
): Promise<EventStream<FormattedExecutionResult>> {
  const { engine, source, caller, scope, metrics, lifetime } = parts;
  const plan = await planStream(engine, { operation, caller });
  const cursor = cursorIn(parts.request.extensions);
  const from = cursor ? source.cursors.open(cursor, plan.key) : null;
  const gauge = metrics.openSubscriptions.labels({ field: plan.field });
  const joining = { from, wantsCursor: cursor !== undefined, ...counted(lifetime, gauge) };
  const { requestId } = scope;
  const stream = engine.streams.join(plan.key, joining, () =>
    streamSource(plan, { ...source, requestId }),
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
