import { createRandom } from '../../data/random.ts';
import type { RawInstance, RawNode } from '../instances/raw-instance.ts';
import { drawSpots, straightLine, type Spread } from './map.ts';

export type PairsDraft = { readonly spread: Spread; readonly pairs: number };

const SIDE = 100;
const DEPOT = { x: 50, y: 50 };
const DAY = 600;
const SERVICE = 10;

/** Goods that are picked up at one customer and delivered to another, after the manner of Li and Lim's sets. */
export function pairsInstance({ spread, pairs }: PairsDraft): RawInstance {
  const name = `pairs-${spread}-${pairs}`;
  const random = createRandom(`planner bench/${name}`);
  const spots = drawSpots(random, { count: 2 * pairs, spread, side: SIDE, townSize: 10 });
  const nodes: RawNode[] = [{ ...DEPOT, demand: 0, ready: 0, due: DAY, service: 0 }];
  for (let pair = 0; pair < pairs; pair++) {
    const [from = DEPOT, to = DEPOT] = [spots[pair], spots[pair + pairs]];
    const demand = random.integer(5, 30);
    const direct = Math.ceil(straightLine(from, to));
    const away = Math.ceil(straightLine(DEPOT, from));
    const back = Math.ceil(straightLine(to, DEPOT));
    const pickedUp = random.integer(away, DAY - 2 * SERVICE - direct - back);
    const delivered = pickedUp + SERVICE + direct;
    const early = random.integer(5, 60);
    const patience = Math.min(DAY - SERVICE - back - delivered, random.integer(10, 120));
    nodes.push({
      ...from,
      demand,
      ready: Math.max(0, pickedUp - early),
      due: pickedUp + Math.floor(patience / 2),
      service: SERVICE,
    });
    nodes.push({
      ...to,
      demand: -demand,
      ready: delivered,
      due: delivered + patience,
      service: SERVICE,
    });
  }
  return {
    name,
    file: name,
    format: 'LI_LIM',
    vehicles: Math.ceil(pairs / 2),
    capacity: 100,
    nodes,
    pairs: Array.from({ length: pairs }, (_, pair) => ({
      pickup: 2 * pair + 1,
      delivery: 2 * pair + 2,
    })),
  };
}
