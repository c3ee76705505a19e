import type { FieldFault } from '../faults/field-faults.ts';
import type { HarbourRecord } from './records.ts';

/** What one execution of an operation meets: shared by all subgraphs, or by the oracle alone. */
export type World = {
  faults: readonly FieldFault[];
  /** Whether records with `ghostOf` are unknown to that subgraph. */
  ghosts: boolean;
  /** The mutations so far, in the order of their execution. */
  log: string[];
};

/** A field of the harbour, told without GraphQL's own objects. */
export type Resolver = (
  source: HarbourRecord,
  args: Readonly<Record<string, unknown>>,
  world: World,
) => unknown;

/** One subgraph. Fields without a resolver are read from the record. */
export type SubgraphModel = {
  name: string;
  typeDefs: string;
  resolvers: Readonly<Record<string, Readonly<Record<string, Resolver>>>>;
  /** Finds the record of a representation, by its type. */
  references: Readonly<
    Record<string, (representation: HarbourRecord) => HarbourRecord | null | undefined>
  >;
};

/** A world without faults, in which nothing happened yet. */
export function newWorld({
  faults = [],
  ghosts = false,
}: Partial<Pick<World, 'faults' | 'ghosts'>> = {}): World {
  return { faults, ghosts, log: [] };
}

/** Writes a mutation down; gives its place in the order. */
export function tick(world: World, entry: string): number {
  return world.log.push(entry);
}
