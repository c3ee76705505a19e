import { setTimeout as sleep } from 'node:timers/promises';
import { DEADLINE_HEADER } from '@quantumroute/ops/http-scope';
import type { ByteText } from '../byte-text.ts';
import { attemptFetch } from './fetch-attempt.ts';
import type { AttemptParts } from './fetch-attempt.ts';
import type { RetryBudget } from './retry-budget.ts';
import type { Exchange, UpstreamAnswer } from './subgraph-connections.ts';
import { UpstreamError } from './upstream-error.ts';

/** What all fetches from one subgraph have in common. */
export type FlightParts = AttemptParts & { retries: RetryBudget };

/** What is sent. Only what is `repeatable` is ever sent twice. */
export type FetchRequest = {
  body: ByteText;
  headers: Record<string, string>;
  timeoutMs: number;
  isRepeatable: boolean;
};

/** How long somebody waits for an answer. */
export type Patience = { timeoutMs: number; signal: AbortSignal };

/** One fetch on its way, and whoever waits for it. */
export type Flight = {
  /** Milliseconds since the epoch. The subgraph was told of it. */
  readonly deadlineAt: number;
  /** The answer. Whoever loses patience leaves alone; the fetch goes on while anybody waits. */
  wait(patience: Patience): Promise<UpstreamAnswer>;
};

/** Sends a fetch, a second time where that does no harm and is likely to help. */
export function startFlight(
  parts: FlightParts,
  { request, onEnd }: { request: FetchRequest; onEnd: () => void },
): Flight {
  const deadlineAt = Date.now() + request.timeoutMs;
  let exchange: Exchange | undefined;
  let givenUp: UpstreamError | undefined;
  let waiting = 0;
  const send = (): Promise<UpstreamAnswer> => {
    if (givenUp) throw givenUp;
    const remainingMs = String(Math.max(1, deadlineAt - Date.now()));
    const headers = { ...request.headers, [DEADLINE_HEADER]: remainingMs };
    exchange = attemptFetch(parts, { body: request.body, headers });
    return exchange.answer;
  };
  const answer = withRetry(send, { ...parts, ...request, deadlineAt }).finally(onEnd);
  // Nobody may be waiting any more.
  answer.catch(() => undefined);
  const leave = (error: UpstreamError): void => {
    waiting -= 1;
    if (waiting > 0) return;
    givenUp = error;
    exchange?.cancel(error);
  };
  return {
    deadlineAt,
    wait(patience) {
      waiting += 1;
      return waitFor(answer, { patience, leave });
    },
  };
}

const LEAST_TIME_FOR_RETRY_MS = 20;
const LONGEST_PAUSE_MS = 50;

async function withRetry(
  send: () => Promise<UpstreamAnswer>,
  {
    isRepeatable,
    retries,
    metrics,
    deadlineAt,
  }: FlightParts & FetchRequest & { deadlineAt: number },
): Promise<UpstreamAnswer> {
  if (!isRepeatable) return send();
  retries.earn();
  const mayRetry = (): boolean => {
    if (deadlineAt - Date.now() < LEAST_TIME_FOR_RETRY_MS + LONGEST_PAUSE_MS) return false;
    const isWithinBudget = retries.spend();
    metrics.retried(isWithinBudget);
    return isWithinBudget;
  };
  try {
    const answer = await send();
    if (!isNobodyThere(answer) || !mayRetry()) return answer;
    // Those who were refused together do not come back together.
    await sleep(Math.random() * LONGEST_PAUSE_MS);
  } catch (error) {
    const isLost = error instanceof UpstreamError && error.isUnanswered;
    if (!isLost || !mayRetry()) throw error;
  }
  return send();
}

/** What a proxy says of a service that is just being replaced. */
function isNobodyThere({ status }: UpstreamAnswer): boolean {
  return status >= 502 && status <= 504;
}

function waitFor(
  answer: Promise<UpstreamAnswer>,
  { patience, leave }: { patience: Patience; leave: (error: UpstreamError) => void },
): Promise<UpstreamAnswer> {
  const { timeoutMs, signal } = patience;
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const giveUp = (error: UpstreamError): void => {
      settle();
      reject(error);
      leave(error);
    };
    const onAbort = (): void =>
      giveUp(
        new UpstreamError('canceled', {
          message: 'The client left or ran out of time',
          cause: signal.reason,
        }),
      );
    const timer = setTimeout(() => {
      if (signal.aborted) onAbort();
      else giveUp(new UpstreamError('timeout', { message: `No answer in ${timeoutMs} ms` }));
    }, timeoutMs);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    answer.then(
      (value) => {
        settle();
        resolve(value);
      },
      (error: UpstreamError) => {
        settle();
        reject(error);
      },
    );
  });
}
