import type { PenalisedSpace } from './penalised-space.ts';

/** For each visit, the few others that are likely to be just before and just after it in a good plan. */
export type Proximity = {
  readonly width: number;
  /** At `visit * width + rank`, nearest first. */
  readonly before: Int32Array;
  readonly after: Int32Array;
};

export function proximityOf(data: PenalisedSpace, wanted: number): Proximity {
  const { visitCount } = data.space;
  const width = Math.min(wanted, visitCount - 1);
  const before = new Int32Array(visitCount * width);
  const after = new Int32Array(visitCount * width);
  const distances = new Float64Array(visitCount);
  for (let visit = 0; visit < visitCount; visit++) {
    const list = { from: visit * width, width, not: visit };
    for (let other = 0; other < visitCount; other++)
      distances[other] = distance(data, other, visit);
    pickNearest(before, distances, list);
    for (let other = 0; other < visitCount; other++)
      distances[other] = distance(data, visit, other);
    pickNearest(after, distances, list);
  }
  return { width, before, after };
}

/** Of b right after a: the leg, and the waiting and the time warp that cannot be avoided (Vidal et al. 2013). */
function distance(data: PenalisedSpace, a: number, b: number): number {
  const { size, service, space } = data;
  const { opens, closes } = space;
  const { metersFrom, secondsFrom } = space.arcs[0]!;
  const arc = a * size + b;
  const seconds = secondsFrom[arc]! + service[a]!;
  const waiting = Math.max(0, opens[b]! - seconds - closes[a]!);
  const warp = Math.max(0, opens[a]! + seconds - closes[b]!);
  return metersFrom[arc]! + WAITING_WEIGHT * waiting + warp;
}

const WAITING_WEIGHT = 0.2;

function pickNearest(
  list: Int32Array,
  distances: Float64Array,
  { from, width, not }: { from: number; width: number; not: number },
): void {
  let count = 0;
  for (let other = 0; other < distances.length; other++) {
    if (other === not) continue;
    const distance = distances[other]!;
    if (count === width && distance >= distances[list[from + count - 1]!]!) continue;
    let at = count < width ? count++ : count - 1;
    for (; at > 0 && distances[list[from + at - 1]!]! > distance; at--) {
      list[from + at] = list[from + at - 1]!;
    }
    list[from + at] = other;
  }
}
