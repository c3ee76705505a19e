import { failure } from '@quantumroute/ops/failures';
import type { FormattedExecutionResult } from 'graphql';
import { createEventQueue } from './event-queue.ts';
import type { EventStream } from './event-queue.ts';

/** One answer of a subscription, on its way to everybody who shares it. */
export type SharedEvent = {
  result: FormattedExecutionResult;
  /** What it may replace while it waits: any older one, one of the same key, or nothing. */
  replaces: { kind: 'all' } | { kind: 'key'; key: string } | { kind: 'none' };
  /** How many older ones it has replaced in the queue of this client. */
  conflated?: number;
};

/** One client of a shared subscription. */
export type Subscriber = {
  /** Never waits. A client that reads too slowly for this kind of event is cut off by it. */
  push(event: SharedEvent): void;
  /** Nothing more comes; what waits is still given, and then `last`. */
  end(last?: FormattedExecutionResult): void;
  stream: EventStream<FormattedExecutionResult>;
};

/**
 * Holds at most `capacity` events for a client that reads slowly. One more replaces what it may
 * replace, and says how many it stands for; where each event counts, the client is cut off with a
 * cursor to come back with. `onGone` is called once, when it has left or was cut off.
 */
export function createSubscriber({
  capacity,
  onGone,
  onSlow,
}: {
  capacity: number;
  onGone: () => void;
  onSlow: (outcome: 'conflated' | 'cut', count: number) => void;
}): Subscriber {
  const queue = createEventQueue({ capacity, onReturn: onGone, read: resultIn });
  const cutOff = (): void => {
    const last = queue.waiting.at(-1)?.result.extensions?.['cursor'];
    queue.end({ result: tooSlow(last), replaces: { kind: 'none' } });
    onSlow('cut', 1);
    onGone();
  };
  return {
    push(event) {
      if (queue.push(event)) return;
      const dropped = queue.drop((waiting) => isReplaced(waiting, event));
      const conflated = dropped.reduce((sum, each) => sum + 1 + (each.conflated ?? 0), 0);
      if (!queue.push({ ...event, conflated })) return cutOff();
      onSlow('conflated', dropped.length);
    },
    end: (last) =>
      queue.end(...(last ? [{ result: last, replaces: { kind: 'none' } as const }] : [])),
    stream: queue.stream,
  };
}

function isReplaced(waiting: SharedEvent, { replaces }: SharedEvent): boolean {
  if (replaces.kind === 'none') return false;
  if (replaces.kind === 'all') return true;
  return waiting.replaces.kind === 'key' && waiting.replaces.key === replaces.key;
}

function tooSlow(cursor: unknown): FormattedExecutionResult {
  const error = failure('RATE_LIMITED', 'The events were read too slowly: subscribe again', {
    retryAfterSeconds: 1,
  });
  return { errors: [error.toJSON()], ...(cursor === undefined ? {} : { extensions: { cursor } }) };
}

/** One that stands for others is a copy that says so. */
function resultIn({ result, conflated }: SharedEvent): FormattedExecutionResult {
  if (!conflated) return result;
  return { ...result, extensions: { ...result.extensions, conflated } };
}
