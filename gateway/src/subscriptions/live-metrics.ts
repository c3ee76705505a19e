import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** What subscriptions cost the gateway, and how many clients share it. */
export type LiveMetrics = {
  /** Subscriptions at subgraphs. */
  sources: Gauge;
  /** Events by what became of them; label `outcome`: executed, delivered, conflated or cut. */
  events: Counter<'outcome'>;
};

/** These metrics in a registry. */
export function createLiveMetrics(registry: Registry): LiveMetrics {
  const registers = [registry];
  return {
    sources: new Gauge({
      name: 'quantumroute_subscription_sources',
      help: 'Subscriptions at subgraphs that clients share',
      registers,
    }),
    events: new Counter({
      name: 'quantumroute_subscription_events_total',
      help: 'Events executed once, delivered to each client, or replaced in a slow one',
      labelNames: ['outcome'],
      registers,
    }),
  };
}
