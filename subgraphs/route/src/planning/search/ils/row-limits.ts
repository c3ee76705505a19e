import type { PenalisedRoutes } from './penalised-routes.ts';

/**
 * Whether the row that `PenalisedRoutes.price` would price keeps the limits that have no price: metres
 * and visits. Walks it.
 */
export function keepsLimits(
  { data, sequence, pieces, pieceCount, width }: PenalisedRoutes,
  route: number,
  before: number,
  after: number,
  last: number,
): boolean {
  const { maxDistanceMeters, maxVisits } = data.space.vehicles[route]!;
  const { size, metersFrom } = data.space.arcs[route]!;
  let meters = 0;
  let visits = 0;
  let node = sequence[route * width]!;
  const goTo = (next: number) => {
    meters += metersFrom[node * size + next]!;
    node = next;
    visits++;
  };
  for (let index = route * width + 1; index <= before; index++) goTo(sequence[index]!);
  for (let piece = 0; piece < pieceCount * 3; piece += 3) {
    let from = pieces[piece]!;
    for (let left = pieces[piece + 2]!; left > 0; left--) {
      goTo(sequence[from]!);
      from += pieces[piece + 1]!;
    }
  }
  for (let index = after; index <= last; index++) goTo(sequence[index]!);
  return meters <= maxDistanceMeters && visits - 1 <= maxVisits;
}

/** How many orders of the same row another vehicle serves in the present plan. */
export function movesIn(
  { data, sequence, pieces, pieceCount, width }: PenalisedRoutes,
  route: number,
  before: number,
  after: number,
  last: number,
): number {
  const { orderOf, presentVehicle } = data.space.instance;
  let moves = 0;
  const count = (visit: number) => {
    const present = presentVehicle[orderOf[visit]!]!;
    if (present >= 0 && present !== route) moves++;
  };
  for (let index = route * width + 1; index <= before; index++) count(sequence[index]!);
  for (let piece = 0; piece < pieceCount * 3; piece += 3) {
    let from = pieces[piece]!;
    for (let left = pieces[piece + 2]!; left > 0; left--) {
      count(sequence[from]!);
      from += pieces[piece + 1]!;
    }
  }
  for (let index = after; index < last; index++) count(sequence[index]!);
  return moves;
}
