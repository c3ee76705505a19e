import type { Metrics } from '@quantumroute/ops/metrics';
import {
  bulkhead,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
  wrap,
} from 'cockatiel';
import { Histogram } from 'prom-client';

import { RoadDataError } from './road-data-error.ts';
import type { RoadDataFault } from './road-data-error.ts';

/** Asks the routing server. What it answers with 2xx or 4xx is an answer. */
export type RoadClient = {
  /** A GET, or with a `body` a POST. Throws a `RoadDataError`, or the signal's reason. */
  ask(request: { path: string; body?: object; signal: AbortSignal }): Promise<RoadAnswer>;
};

/** `body` is parsed JSON. */
export type RoadAnswer = { readonly status: number; readonly body: unknown };

/** The fields of a JSON object; nothing else has any. */
export function fieldsOf(json: unknown): Record<string, unknown> {
  return typeof json === 'object' && json !== null ? { ...json } : {};
}

export type RoadClientOptions = {
  url: string;
  /** For one attempt, from connecting to the last byte. */
  timeoutMs: number;
  /** Requests under way at the same time. */
  concurrency: number;
  metrics: Metrics;
  /** How long an open breaker lets nothing through. */
  restMs?: number;
};

/**
 * A question has no effects, so it is asked up to three times. After five failures in a row nobody
 * asks for a while, then one caller tries. So many wait for a place that a few large matrices fit.
 */
export function createRoadClient({
  url,
  timeoutMs,
  concurrency,
  metrics,
  restMs = 10_000,
}: RoadClientOptions): RoadClient {
  const policy = wrap(
    bulkhead(concurrency, concurrency * WAITING_PER_PLACE),
    retry(handleWhen(hasFault('unavailable')), {
      maxAttempts: 2,
      backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 1_000 }),
    }),
    circuitBreaker(handleWhen(hasFault('unavailable', 'unusable')), {
      halfOpenAfter: restMs,
      breaker: new ConsecutiveBreaker(5),
    }),
  );
  const seconds = new Histogram({
    name: 'quantumroute_road_request_seconds',
    help: 'Time of requests to the routing server',
    labelNames: ['outcome'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [metrics.registry],
  });
  return {
    async ask({ path, body, signal }) {
      const attempt = async () => {
        const stopTimer = seconds.startTimer();
        try {
          const answer = await exchange(url + path, { body, signal, timeoutMs });
          stopTimer({ outcome: 'answered' });
          return answer;
        } catch (error) {
          stopTimer({ outcome: error instanceof RoadDataError ? error.fault : 'aborted' });
          throw error;
        }
      };
      try {
        return await policy.execute(attempt, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof RoadDataError) throw error;
        throw new RoadDataError('unavailable', 'The routing server is given a rest', {
          cause: error,
        });
      }
    },
  };
}

const WAITING_PER_PLACE = 16;

const MAX_ANSWER_BYTES = 10_000_000;

function hasFault(...faults: readonly RoadDataFault[]) {
  return (error: unknown) => error instanceof RoadDataError && faults.includes(error.fault);
}

type Exchange = { body: object | undefined; signal: AbortSignal; timeoutMs: number };

async function exchange(url: string, { body, signal, timeoutMs }: Exchange): Promise<RoadAnswer> {
  const request = body && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  let status: number;
  let text: string;
  try {
    const response = await fetch(url, { ...request, redirect: 'error', signal: limit });
    status = response.status;
    text = await readText(response);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RoadDataError) throw error;
    throw new RoadDataError('unavailable', 'The routing server gave no answer', { cause: error });
  }
  if (status >= 500 || status === 429) {
    throw new RoadDataError('unavailable', `The routing server answered with ${status}`);
  }
  return { status, body: parsed(text) };
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) {
      throw new RoadDataError('unusable', `The answer is longer than ${MAX_ANSWER_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RoadDataError('unusable', 'The answer is not JSON', { cause });
  }
}
