import type { Random } from '../../data/random.ts';

/** Where customers are: in towns, anywhere, or half of them so and half so. */
export type Spread = 'clustered' | 'random' | 'mixed';

export type Spot = { readonly x: number; readonly y: number };

/** Whole coordinates in a square, with towns of about `townSize` customers. */
export function drawSpots(
  random: Random,
  {
    count,
    spread,
    side,
    townSize,
  }: { count: number; spread: Spread; side: number; townSize: number },
): Spot[] {
  const towns = Array.from({ length: Math.ceil(count / townSize) }, () => anywhere(random, side));
  return Array.from({ length: count }, (_, index) => {
    const inTown = spread === 'clustered' || (spread === 'mixed' && index % 2 === 0);
    const town = towns[index % towns.length];
    return inTown && town ? near(random, town, side) : anywhere(random, side);
  });
}

function anywhere(random: Random, side: number): Spot {
  return { x: random.integer(0, side), y: random.integer(0, side) };
}

function near(random: Random, town: Spot, side: number): Spot {
  const within = (value: number) => Math.min(side, Math.max(0, Math.round(value)));
  return {
    x: within(random.normal(town.x, side / 25)),
    y: within(random.normal(town.y, side / 25)),
  };
}

export function straightLine(from: Spot, to: Spot): number {
  return Math.hypot(from.x - to.x, from.y - to.y);
}
