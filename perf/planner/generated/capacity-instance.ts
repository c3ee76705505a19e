import { createRandom } from '../../data/random.ts';
import type { RawInstance, RawNode } from '../instances/raw-instance.ts';
import { drawSpots, type Spread } from './map.ts';

export type CapacityDraft = {
  readonly spread: Spread;
  readonly customers: number;
  /** About so many fit into a vehicle. */
  readonly perRoute: number;
  readonly depot: 'middle' | 'corner';
};

const SIDE = 1000;
const LARGEST_DEMAND = 100;

/** Capacity only, after the manner of the X set: any number of vehicles, no times. */
export function capacityInstance(draft: CapacityDraft): RawInstance {
  const { spread, customers, perRoute, depot } = draft;
  const name = `capacity-${spread}-${customers}-${perRoute}`;
  const random = createRandom(`planner bench/${name}`);
  const at = depot === 'middle' ? SIDE / 2 : 0;
  const place = (x: number, y: number, demand: number): RawNode => ({
    x,
    y,
    demand,
    ready: 0,
    due: Number.POSITIVE_INFINITY,
    service: 0,
  });
  const spots = drawSpots(random, { count: customers, spread, side: SIDE, townSize: 25 });
  const customerNodes = spots.map(({ x, y }) => place(x, y, random.integer(1, LARGEST_DEMAND)));
  const goods = customerNodes.reduce((sum, { demand }) => sum + demand, 0);
  return {
    name,
    file: name,
    format: 'CVRPLIB',
    vehicles: null,
    capacity: Math.max(LARGEST_DEMAND, Math.round((goods / customers) * perRoute)),
    nodes: [place(at, at, 0), ...customerNodes],
    pairs: [],
  };
}
