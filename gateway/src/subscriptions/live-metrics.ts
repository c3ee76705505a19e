import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** What subscriptions cost the gateway, and how many clients share it. */
export type LiveMetrics = {
  /** Subscriptions at subgraphs. */
  sources: Gauge;
  /** Events by what became of them; label `outcome`: executed, delivered, conflated or cut. */
  events: Counter<'outcome'>;
  /** Subscriptions when the supergraph changed; label `outcome`: kept, reopened or ended. */
  moves: Counter<'outcome'>;
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
    moves: new Counter({
      name: 'quantumroute_subscription_moves_total',
      help: 'Subscriptions at subgraphs that went on under another supergraph, or had to end',
      labelNames: ['outcome'],
      registers,
    }),
  };
}
