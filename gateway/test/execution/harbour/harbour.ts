import { startGraph } from '../graph.ts';
import type { Graph } from '../graph.ts';
import { atlas } from './atlas.ts';
import { crew } from './crew.ts';
import { feed } from './feed.ts';
import { createOracle } from './oracle.ts';
import type { Oracle } from './oracle.ts';
import { outagesOf } from './outages.ts';
import { ownersOf } from './ownership.ts';
import type { Owner } from './ownership.ts';
import { tariff } from './tariff.ts';
import { yard } from './yard.ts';

/** The model graph: five subgraphs behind the gateway's executor, and the same in one piece. */
export type Harbour = Graph & {
  owners: ReadonlyMap<string, Owner>;
  oracle: Oracle;
  outages: ReturnType<typeof outagesOf>;
};

/** The subgraphs of the harbour. */
export const HARBOUR = [yard, crew, tariff, feed, atlas] as const;

/** Starts the harbour. It holds nothing that has to be closed. */
export function startHarbour(): Harbour {
  const graph = startGraph(HARBOUR);
  const { apiSchema } = graph;
  const owners = ownersOf(HARBOUR, apiSchema);
  const oracle = createOracle(HARBOUR, { apiSchema, owners });
  return { ...graph, owners, oracle, outages: outagesOf(owners) };
}
