import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Metrics } from '@quantumroute/ops/metrics';
import type { Gauge } from 'prom-client';
import { hashOf } from '../../src/supergraph/supergraph.ts';
import { smallSupergraph, startSmallGraph } from '../small-graph/small-graph.ts';
import type { GatewayOptions, SmallGraph } from '../small-graph/small-graph.ts';

/** A small graph whose gateway watches a file. */
export type ChangingGraph = SmallGraph & {
  file: string;
  /** Replaces the supergraph, and waits until it is served. */
  change(text: string): Promise<void>;
  /** Replaces the file, whatever comes of it. */
  write(text: string): Promise<void>;
  /** Waits until the supergraph with this text is served. */
  serves(text: string): Promise<void>;
  /** The value of a metric of the gateway. */
  valueOf(name: string, labels?: Record<string, string>): Promise<number>;
};

/** Starts it with the supergraph of people and parcels, or another. */
export async function startChangingGraph({
  first = smallSupergraph(),
  env = {},
  ...options
}: GatewayOptions & { first?: string } = {}): Promise<ChangingGraph> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-supergraph-'));
  const file = join(folder, 'supergraph.graphql');
  const write = async (text: string): Promise<void> => {
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  };
  await write(first);
  const graph = await startSmallGraph({
    ...options,
    supergraphFile: file,
    env: { GATEWAY_SUPERGRAPH_POLL_MS: '10', ...env },
  });
  const valueOf: ChangingGraph['valueOf'] = (name, labels = {}) =>
    metricValue(graph.metrics, name, labels);
  const serves = (text: string): Promise<void> => untilServed(graph.metrics, text);
  return {
    ...graph,
    file,
    write,
    serves,
    async change(text) {
      await write(text);
      await serves(text);
    },
    valueOf,
    async close() {
      await graph.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Waits until the gateway of these metrics serves the supergraph with this text. */
export async function untilServed(metrics: Metrics, text: string): Promise<void> {
  const labels = { hash: hashOf(text) };
  while ((await metricValue(metrics, 'quantumroute_supergraph_info', labels)) !== 1) await sleep(5);
}

async function metricValue(
  { registry }: Metrics,
  name: string,
  labels: Record<string, string>,
): Promise<number> {
  const { values } = await (registry.getSingleMetric(name) as Gauge).get();
  return values
    .filter((sample) =>
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    )
    .reduce((sum, { value }) => sum + value, 0);
}
