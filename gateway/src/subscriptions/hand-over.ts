import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { failure } from '@quantumroute/ops/failures';
import { runInRequest } from '@quantumroute/ops/request';
import type { GraphQLFormattedError } from 'graphql';
import type { Engine } from '../engine/engine.ts';
import { boundErrors, maskAny } from '../errors/mask.ts';
import type { LiveMetrics } from './live-metrics.ts';
import { operationScope } from './operation-scope.ts';
import { prepareOperation } from './prepare-operation.ts';
import type { SharedStream } from './shared-stream.ts';
import { planStream, streamSource } from './stream-source.ts';
import type { SourceParts, StreamPlan, StreamSource } from './stream-source.ts';

/**
 * Finds out what becomes of subscriptions under another engine, where each has to be admitted like a
 * new one. Nothing happens before the moves are called, which takes no time: so all of them change
 * at once, between two events.
 */
export async function prepareMoves(
  streams: readonly SharedStream[],
  to: Engine,
  parts: { source: SourceParts; liveMetrics: LiveMetrics },
): Promise<(() => void)[]> {
  const moves: (() => void)[] = [];
  for (const stream of streams) {
    await setImmediate();
    const successor = await successorOf(stream.source.plan, to, parts.source);
    moves.push(() => {
      const { kind } = move(stream, to, successor);
      parts.liveMetrics.moves.inc({ outcome: kind });
    });
  }
  return moves;
}

type Ending = { kind: 'ended'; errors: GraphQLFormattedError[] };

type Successor = {
  /** Whether the events still come from where they came from. */
  kind: 'kept' | 'reopened';
  source: StreamSource;
  /** For one that must be reopened, and has no position for it. */
  otherwise: Ending;
};

function move(stream: SharedStream, to: Engine, successor: Successor | Ending): { kind: string } {
  stream.source.plan.engine.streams.release(stream);
  const isStuck = successor.kind === 'reopened' && stream.position === null;
  const next = isStuck ? successor.otherwise : successor;
  if (next.kind === 'ended') stream.endWith(next.errors);
  else to.streams.adopt(stream, next.source, { isReopened: next.kind === 'reopened' });
  return next;
}

async function successorOf(
  before: StreamPlan,
  to: Engine,
  parts: SourceParts,
): Promise<Successor | Ending> {
  const { signal } = new AbortController();
  using opened = operationScope({ signal, deadlineMs: parts.deadlineMs });
  const { scope } = opened;
  const endedBy = (errors: readonly unknown[]): Ending => {
    const all = [failure('SUBSCRIPTION_SCHEMA_RELOAD', MESSAGE), ...errors];
    return { kind: 'ended', errors: boundErrors(all.map((error) => maskAny(error, parts.mask))) };
  };
  return await runInRequest(scope, async () => {
    try {
      const { caller } = before;
      const prepared = await prepareOperation(to, requestOf(before), { caller, scope });
      if (prepared.kind === 'result') return endedBy(prepared.result.errors ?? []);
      const plan = await planStream(to, { operation: prepared.operation, caller });
      const kind = changeOf(before, plan);
      if (kind === 'ended') return endedBy([]);
      const source = streamSource(plan, { ...parts, requestId: scope.requestId });
      return { kind, source, otherwise: endedBy([]) };
    } catch (error) {
      return endedBy([error]);
    }
  });
}

const MESSAGE = 'The schema has changed, and this subscription cannot go on: subscribe again';

/** The client's request once more, with the text that it may have named by its hash only. */
function requestOf({ operation: { source, operationName, variables } }: StreamPlan) {
  return { query: source, variables, ...(operationName === null ? {} : { operationName }) };
}

function changeOf(before: StreamPlan, after: StreamPlan): (Successor | Ending)['kind'] {
  // It was run for nobody in particular, and now depends on who asks; or the other way round.
  if (after.isPersonal !== before.isPersonal) return 'ended';
  const isSame = isDeepStrictEqual(after.primary, before.primary);
  if (isSame && after.upstream === before.upstream) return 'kept';
  // Only the subgraph that has told a position knows it.
  return after.primary.subgraph === before.primary.subgraph ? 'reopened' : 'ended';
}
