import { fileURLToPath } from 'node:url';
import type { BenchCase } from '../bench-case.ts';
import { usualConvention } from '../convention.ts';
import { readBestKnown } from '../instances/best-known.ts';
import type { RawInstance } from '../instances/raw-instance.ts';
import { standardCase } from '../standard-cases.ts';
import { capacityInstance } from './capacity-instance.ts';
import { depotDay, type DepotDayDraft } from './depot-day.ts';
import type { Spread } from './map.ts';
import { pairsInstance } from './pairs-instance.ts';
import { windowsInstance } from './windows-instance.ts';

/** The best values that this engine has found itself; `--keep-best` brings it up to date. */
export const BEST_FOUND_FILE = fileURLToPath(new URL('./best-found.csv', import.meta.url));

/** What the repository ships: made by code, the same everywhere. */
export function generatedCases(): BenchCase[] {
  const bestKnown = readBestKnown(BEST_FOUND_FILE);
  const instances = Object.entries(generatedInstances()).flatMap(([className, list]) =>
    list.map((instance) =>
      standardCase(instance, usualConvention(instance.format), { bestKnown, className }),
    ),
  );
  const days = DEPOT_DAYS.map((draft): BenchCase => ({
    name: draft.name,
    class: 'Depot day',
    objective: 'COST',
    reference: bestKnown(draft.name, 'COST'),
    problem: () => depotDay(draft),
    judge: ({ routes, metrics, unassigned }) => ({
      vehicles: routes.length,
      value: metrics.cost,
      violations: unassigned.length === 0 ? [] : [`${unassigned.length} orders are left out`],
    }),
  }));
  return [...instances, ...days];
}

const SPREADS: readonly Spread[] = ['clustered', 'random', 'mixed'];
const HORIZONS = ['short', 'long'] as const;

const DEPOT_DAYS: readonly DepotDayDraft[] = [
  { name: 'day-100', orders: 100, depots: 1 },
  { name: 'day-250', orders: 250, depots: 2 },
  { name: 'day-400', orders: 400, depots: 1 },
];

/** Instances of the standard kinds by class. */
export function generatedInstances(): Readonly<Record<string, readonly RawInstance[]>> {
  const windows = (customers: number, spreads = SPREADS, horizons = HORIZONS.slice()) =>
    spreads.flatMap((spread) =>
      horizons.map((horizon) => windowsInstance({ spread, horizon, customers })),
    );
  return {
    'Windows 100': windows(100),
    'Windows 200': windows(200),
    'Windows 400': windows(400, ['mixed']),
    'Windows 1000': windows(1000, ['mixed'], ['short']),
    'Capacity 200': [
      capacityInstance({ spread: 'clustered', customers: 200, perRoute: 8, depot: 'corner' }),
      capacityInstance({ spread: 'random', customers: 200, perRoute: 20, depot: 'middle' }),
      capacityInstance({ spread: 'mixed', customers: 300, perRoute: 5, depot: 'middle' }),
    ],
    'Pairs 100': SPREADS.map((spread) => pairsInstance({ spread, pairs: 50 })),
  };
}
