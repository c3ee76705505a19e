import { fileURLToPath } from 'node:url';
import type { BenchCase } from '../bench-case.ts';
import { usualConvention } from '../convention.ts';
import { readBestKnown } from '../instances/best-known.ts';
import type { RawInstance } from '../instances/raw-instance.ts';
import { standardCase } from '../standard-cases.ts';
import { capacityInstance } from './capacity-instance.ts';
import type { Spread } from './map.ts';
import { pairsInstance } from './pairs-instance.ts';
import { windowsInstance } from './windows-instance.ts';

/** The best values that this engine has found itself; `--keep-best` brings it up to date. */
export const BEST_FOUND_FILE = fileURLToPath(new URL('./best-found.csv', import.meta.url));

/** The instances that the repository ships: made by code, the same everywhere. */
export function generatedCases(): BenchCase[] {
  const bestFound = readBestKnown(BEST_FOUND_FILE);
  return [...generatedInstances()].map(([instance, className]) =>
    standardCase(instance, usualConvention(instance.format), {
      bestKnown: bestFound,
      className,
    }),
  );
}

const SPREADS: readonly Spread[] = ['clustered', 'random', 'mixed'];
const HORIZONS = ['short', 'long'] as const;

/** With the class of each. */
export function generatedInstances(): Map<RawInstance, string> {
  const windows = (customers: number, spreads = SPREADS) =>
    spreads.flatMap((spread) =>
      HORIZONS.map((horizon) => windowsInstance({ spread, horizon, customers })),
    );
  const classes: Record<string, readonly RawInstance[]> = {
    'Windows 100': windows(100),
    'Windows 200': windows(200),
    'Windows 400': windows(400, ['mixed']),
    'Windows 1000': windows(1000, ['mixed']).slice(0, 1),
    'Capacity 200': [
      capacityInstance({ spread: 'clustered', customers: 200, perRoute: 8, depot: 'corner' }),
      capacityInstance({ spread: 'random', customers: 200, perRoute: 20, depot: 'middle' }),
      capacityInstance({ spread: 'mixed', customers: 300, perRoute: 5, depot: 'middle' }),
    ],
    'Pairs 100': SPREADS.map((spread) => pairsInstance({ spread, pairs: 50 })),
  };
  return new Map(
    Object.entries(classes).flatMap(([name, instances]) =>
      instances.map((instance): [RawInstance, string] => [instance, name]),
    ),
  );
}
