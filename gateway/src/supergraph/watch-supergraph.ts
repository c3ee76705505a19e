import type { Logger } from '@quantumroute/ops/log';
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { SupergraphSource } from './load-supergraph.ts';
import { hashOf } from './supergraph.ts';
import type { Supergraph } from './supergraph.ts';

/** Looks after the source of the supergraph until it is stopped. */
export type SupergraphWatch = {
  /** Looks at once, also again at what was refused. Never rejects. */
  look(): Promise<void>;
  /** Resolves when nothing is going on any more. */
  stop(): Promise<void>;
};

/**
 * Reads the source every `everyMs` and hands a changed supergraph to `take`, one after the other.
 * The text itself is compared: a ConfigMap is replaced by way of a symbolic link, of which watchers
 * of the file system are told nothing. What cannot be taken is told once, and the one before stays.
 */
export function watchSupergraph({
  source,
  serving,
  take,
  everyMs,
  log,
  registry,
}: {
  source: SupergraphSource;
  /** The one that is served now. */
  serving: Pick<Supergraph, 'hash'>;
  /** Rejects for one that cannot be served. */
  take: (supergraph: Supergraph) => Promise<void>;
  everyMs: number;
  log: Logger;
  registry: Registry;
}): SupergraphWatch {
  const metrics = createSupergraphMetrics(registry);
  let { hash: served } = serving;
  /** Why the source is not what is served, if so. */
  let fault: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let looking: Promise<void> = Promise.resolve();
  metrics.serves(served);

  const failed = (outcome: 'refused' | 'unreadable', found: string, error: unknown): void => {
    if (fault === found) return;
    fault = found;
    metrics.reloads.inc({ outcome });
    log.error(
      { err: error, serving: served },
      `the supergraph is ${outcome}; the one before stays`,
    );
  };
  const lookOnce = async (): Promise<void> => {
    let text: string;
    try {
      text = await source.read();
    } catch (error) {
      return failed('unreadable', String(error), error);
    }
    const hash = hashOf(text);
    if (hash === served) fault = null;
    if (hash === served || hash === fault || isStopped) return;
    try {
      await take(source.parse(text));
    } catch (error) {
      return failed('refused', hash, error);
    }
    log.info({ hash, before: served }, 'another supergraph has taken over');
    served = hash;
    fault = null;
    metrics.serves(served);
    metrics.reloads.inc({ outcome: 'taken' });
  };
  const look = (): Promise<void> => {
    looking = looking.then(lookOnce);
    return looking;
  };
  const lookLater = (): void => {
    if (isStopped) return;
    timer = setTimeout(() => void look().then(lookLater), everyMs);
  };
  lookLater();
  return {
    look() {
      fault = null;
      return look();
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}

function createSupergraphMetrics(registry: Registry) {
  const registers = [registry];
  const info = new Gauge({
    name: 'quantumroute_supergraph_info',
    help: 'The supergraph that is served, by its hash',
    labelNames: ['hash'],
    registers,
  });
  const reloads = new Counter({
    name: 'quantumroute_supergraph_reloads_total',
    help: 'Changes of the source: taken, refused or unreadable',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of ['taken', 'refused', 'unreadable']) reloads.inc({ outcome }, 0);
  return {
    reloads,
    serves(hash: string): void {
      info.reset();
      info.set({ hash }, 1);
    },
  };
}
