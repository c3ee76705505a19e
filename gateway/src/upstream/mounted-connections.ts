import type { AskMounted, MountedAnswer } from '@quantumroute/ops/mounted-subgraph';
import { fromByteText, toByteText } from '../byte-text.ts';
import type {
  ConnectionLimits,
  Exchange,
  SubgraphConnections,
  UpstreamAnswer,
} from './subgraph-connections.ts';
import { UpstreamError } from './upstream-error.ts';

/**
 * The way to a subgraph in this process, as bounded as connections are: so many requests at a time,
 * so many that wait, and so large an answer.
 */
export function mountedConnections(
  ask: AskMounted,
  { connections, queue, answerBytes }: ConnectionLimits,
): SubgraphConnections {
  const running = new Set<Exchange>();
  // In the order in which they came.
  const waiting = new Map<Exchange, () => void>();
  const ended = (exchange: Exchange): void => {
    running.delete(exchange);
    const [next] = waiting;
    if (!next) return;
    const [, start] = next;
    start();
  };
  return {
    send({ body, headers }) {
      if (running.size >= connections && waiting.size >= queue) {
        const message = `${queue} requests wait for their turn already`;
        throw new UpstreamError('overloaded', { message });
      }
      const { promise, resolve, reject } = Promise.withResolvers<UpstreamAnswer>();
      const leaving = new AbortController();
      const start = (): void => {
        waiting.delete(exchange);
        running.add(exchange);
        ask({ body: fromByteText(body), headers, signal: leaving.signal })
          .then((answer) => resolve(withinBounds(answer, answerBytes)))
          .catch((error: unknown) => reject(failed(error)))
          .finally(() => ended(exchange));
      };
      const exchange: Exchange = {
        answer: promise,
        cancel(error) {
          waiting.delete(exchange);
          reject(error);
          leaving.abort(error);
        },
      };
      if (running.size < connections) start();
      else waiting.set(exchange, start);
      return exchange;
    },
    async close() {
      const closed = new UpstreamError('unreachable', { message: 'The gateway is closed' });
      for (const exchange of [...waiting.keys(), ...running]) exchange.cancel(closed);
    },
  };
}

function withinBounds(answer: MountedAnswer, answerBytes: number): UpstreamAnswer {
  const text = toByteText(answer.text);
  if (text.length <= answerBytes) return { ...answer, text };
  throw new UpstreamError('too large', { message: `More than ${answerBytes} bytes came` });
}

function failed(cause: unknown): UpstreamError {
  if (cause instanceof UpstreamError) return cause;
  return new UpstreamError('unreachable', { message: String(cause), cause });
}
