import { createRandom, type Random } from '../../data/random.ts';
import type { RawInstance, RawNode } from '../instances/raw-instance.ts';
import { drawSpots, straightLine, type Spot, type Spread } from './map.ts';

export type WindowsDraft = {
  readonly spread: Spread;
  /** Short: a vehicle serves some ten customers. Long: it serves thirty and more. */
  readonly horizon: 'short' | 'long';
  readonly customers: number;
};

/** What a long day has more of is time and space in the vehicles. */
const HORIZONS = {
  short: { day: 240, capacity: 200, windowMin: 10, windowMax: 60, withWindow: 0.8 },
  long: { day: 1000, capacity: 900, windowMin: 40, windowMax: 300, withWindow: 0.75 },
} as const;
const SERVICE = 10;
/** In towns a visit takes longer than the way to the next, and everything else is longer to match. */
const CLUSTERED = { service: 60, stretch: 4 };

/** Deliveries with time windows, after the manner of Solomon's sets: depot in the middle, one size of vehicle. */
export function windowsInstance(draft: WindowsDraft): RawInstance {
  const { spread, horizon, customers } = draft;
  const name = `${spread}-${horizon}-${customers}`;
  const random = createRandom(`planner bench/${name}`);
  const side = Math.round(10 * Math.sqrt(customers));
  const middle = { x: Math.round(side / 2), y: Math.round(side / 2) };
  const { service, stretch } =
    spread === 'clustered' ? CLUSTERED : { service: SERVICE, stretch: 1 };
  const { capacity, day, ...windows } = HORIZONS[horizon];
  const due = Math.round(day * stretch + 2 * (side - 100) * (horizon === 'short' ? 0.6 : 1.2));
  const spots = drawSpots(random, { count: customers, spread, side, townSize: 10 });
  const node = (spot: Spot): RawNode => ({
    ...spot,
    demand: 5 * random.integer(1, 8),
    service,
    ...windowOf(random, {
      away: straightLine(middle, spot),
      due,
      service,
      withWindow: windows.withWindow,
      width: stretch * random.integer(windows.windowMin, windows.windowMax),
    }),
  });
  return {
    name,
    file: name,
    format: 'SOLOMON',
    vehicles: Math.ceil(customers / (horizon === 'short' ? 3 : 8)),
    capacity,
    nodes: [{ ...middle, demand: 0, ready: 0, due, service: 0 }, ...spots.map(node)],
    pairs: [],
  };
}

/** Always open long enough for a vehicle of its own, which needs this customer only. */
function windowOf(
  random: Random,
  need: { away: number; due: number; service: number; withWindow: number; width: number },
): { ready: number; due: number } {
  const earliest = Math.ceil(need.away);
  const latest = Math.floor(need.due - need.service - need.away - 1);
  if (!random.chance(need.withWindow)) return { ready: 0, due: latest };
  const middle = random.integer(earliest, latest);
  return {
    ready: Math.max(0, middle - Math.floor(need.width / 2)),
    due: Math.min(latest, middle + Math.ceil(need.width / 2)),
  };
}
