import type { IncomingMessage, ServerResponse } from 'node:http';
import { prepareMoves } from '../subscriptions/hand-over.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { startEngine } from './engine.ts';
import type { Engine, EngineParts } from './engine.ts';

/** Says by which engine what comes now is answered, and changes it. */
export type Engines = {
  readonly current: Engine;
  /** The engine of a request over HTTP, the same one to the end of its answer. */
  serving(request: IncomingMessage, response: ServerResponse): Engine;
  /**
   * Lets another supergraph take over, with plans for what is registered or was asked lately. What
   * is under way ends under the old one, subscriptions go on under the new one where they fit it.
   * Rejects for one that cannot be served, and nothing changes. To be called by one at a time.
   */
  take(supergraph: Supergraph): Promise<void>;
  /** Nobody may be there any more. */
  stop(): Promise<void>;
};

// On the request itself: many entries of a weak map are dear to collect.
const ENGINE = Symbol('engine');
type Bound = IncomingMessage & { [ENGINE]?: Engine };

/** Starts with the first supergraph. */
export async function startEngines(first: Supergraph, parts: EngineParts): Promise<Engines> {
  const stopped = new AbortController();
  const { signal } = stopped;
  const registered = parts.registered ?? new Map<string, string>();
  const withinMs = LONGEST_ARRIVAL_MS + parts.config.GATEWAY_REQUEST_DEADLINE_MS;
  let current = await startEngine(first, parts);
  let retired: Promise<void> = Promise.resolve();
  parts.subgraphs.use(current.subgraphs);
  void current.execution.prepare(registered, signal);

  const move = async (from: Engine, to: Engine): Promise<() => void> => {
    const moves = await prepareMoves(from.streams.all(), to, parts);
    return () => {
      for (const apply of moves) apply();
    };
  };
  /** Also the subscriptions that somebody was just opening. */
  const retire = async (old: Engine): Promise<void> => {
    for (const isLast of [false, true]) {
      if (isLast) await old.usage.unused({ withinMs });
      const moveAll = await move(old, current);
      moveAll();
    }
    await old.stop();
  };

  return {
    get current() {
      return current;
    },
    serving(request: Bound, response) {
      const known = request[ENGINE];
      if (known) return known;
      const engine = current;
      request[ENGINE] = engine;
      response.on('close', engine.usage.enter().leave);
      return engine;
    },
    async take(supergraph) {
      // However often it changes, there are no more than two and one that is being made.
      await retired;
      const next = await startEngine(supergraph, parts);
      await using unused = new AsyncDisposableStack();
      unused.defer(() => next.stop());
      await next.execution.prepare(registered, signal);
      await next.execution.warm(current.execution.recent(), signal);
      const moveAll = await move(current, next);
      if (signal.aborted) return;
      unused.move();
      const old = current;
      current = next;
      parts.subgraphs.use(next.subgraphs);
      moveAll();
      retired = retire(old).catch((error: unknown) => {
        parts.log.error({ err: error }, 'an engine was not stopped cleanly');
      });
    },
    async stop() {
      stopped.abort();
      await retired;
      await current.stop();
    },
  };
}

/** Longer than a request may take to arrive; then it has its deadline. Who reads slowly needs nothing. */
const LONGEST_ARRIVAL_MS = 60_000;
