import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** The metrics of one service. Every label has a bounded set of values. */
export type Metrics = {
  registry: Registry;
  /** Seconds inside PostgreSQL and on the wire, for each statement. */
  sqlSeconds: Histogram;
  /** Keys of one batch; label `loader`. */
  loaderBatchSize: Histogram<'loader'>;
  /** Labels `cache` and `outcome` (hit, miss, error, ...). */
  cacheRequests: Counter<'cache' | 'outcome'>;
  /** Jobs; labels `queue` and `state`. */
  queueLength: Gauge<'queue' | 'state'>;
  /** Subscriptions being served; label `field`. */
  openSubscriptions: Gauge<'field'>;
  /** Connections of clients and operations on them; label `kind` (sockets, streams, operations). */
  liveOpen: Gauge<'kind'>;
  /** Connections of clients that speak HTTP/2. */
  http2Sessions: Gauge;
  /** Seconds from the first byte of a request to the last of its answer; labels `route`, `status`. */
  httpSeconds: Histogram<'route' | 'status'>;
};

/** Metrics in a registry of the service's own, so that several services fit into one process. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    sqlSeconds: new Histogram({
      name: 'quantumroute_sql_seconds',
      help: 'Time of SQL statements',
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    }),
    loaderBatchSize: new Histogram({
      name: 'quantumroute_loader_batch_size',
      help: 'Keys that a DataLoader asked for at once',
      labelNames: ['loader'],
      buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500],
      registers,
    }),
    cacheRequests: new Counter({
      name: 'quantumroute_cache_requests_total',
      help: 'Look-ups in caches by outcome',
      labelNames: ['cache', 'outcome'],
      registers,
    }),
    queueLength: new Gauge({
      name: 'quantumroute_queue_length',
      help: 'Jobs in a queue by state',
      labelNames: ['queue', 'state'],
      registers,
    }),
    openSubscriptions: new Gauge({
      name: 'quantumroute_open_subscriptions',
      help: 'Subscriptions being served',
      labelNames: ['field'],
      registers,
    }),
    liveOpen: new Gauge({
      name: 'quantumroute_live_open',
      help: 'Sockets and streams that clients hold open, and operations on them',
      labelNames: ['kind'],
      registers,
    }),
    http2Sessions: new Gauge({
      name: 'quantumroute_http2_sessions',
      help: 'Connections of clients that speak HTTP/2',
      registers,
    }),
    httpSeconds: new Histogram({
      name: 'quantumroute_http_seconds',
      help: 'Time of HTTP requests',
      labelNames: ['route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
  };
}
