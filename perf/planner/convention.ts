import type { RawFormat, RawInstance, RawNode } from './instances/raw-instance.ts';

/**
 * How the literature counts. Values of different conventions are never compared.
 *
 * `DIMACS`: distance and time between two customers are cut to one decimal; the least distance wins,
 * with the fleet as given. `SINTEF`: the fewest vehicles win, then the least distance, in double
 * precision. `CVRPLIB`: distances are rounded to whole numbers, any number of vehicles.
 */
export type Convention = 'DIMACS' | 'SINTEF' | 'CVRPLIB';

export type ConventionRules = {
  readonly name: Convention;
  readonly vehiclesFirst: boolean;
  /** Between two nodes, in the unit of the best-known values. */
  distance(from: RawNode, to: RawNode): number;
  /** Whole units of a planning problem for 1 of the instance's units. */
  scale(instance: RawInstance): number;
};

export const CONVENTIONS: Readonly<Record<Convention, ConventionRules>> = {
  DIMACS: {
    name: 'DIMACS',
    vehiclesFirst: false,
    distance: (from, to) => Math.floor(10 * euclidean(from, to)) / 10,
    scale: () => 10,
  },
  SINTEF: {
    name: 'SINTEF',
    vehiclesFirst: true,
    distance: euclidean,
    scale: (instance) => ((instance.nodes[0]?.due ?? 0) < 5_000 ? 10_000 : 1_000),
  },
  CVRPLIB: {
    name: 'CVRPLIB',
    vehiclesFirst: false,
    distance: (from, to) => Math.round(euclidean(from, to)),
    scale: () => 1,
  },
};

/** What the figures of each set are published in; the sets with time windows are published in two. */
export function usualConvention(format: RawFormat): Convention {
  if (format === 'CVRPLIB') return 'CVRPLIB';
  return format === 'LI_LIM' ? 'SINTEF' : 'DIMACS';
}

function euclidean(from: RawNode, to: RawNode): number {
  // Not Math.hypot: this is exact for whole results, which the cut to a decimal depends on.
  return Math.sqrt((from.x - to.x) ** 2 + (from.y - to.y) ** 2);
}
