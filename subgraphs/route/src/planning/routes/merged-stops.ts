import type { SolutionStop } from '../solution.ts';

/** One visit to a place is one stop, also when it serves several orders. */
export function mergeStops(stops: readonly SolutionStop[]): SolutionStop[] {
  const merged: SolutionStop[] = [];
  for (const stop of stops) {
    const previous = merged.at(-1);
    if (previous && isSameVisit(previous, stop)) {
      merged[merged.length - 1] = joinStops(previous, stop);
    } else merged.push(stop);
  }
  return merged;
}

function isSameVisit(a: SolutionStop, b: SolutionStop): boolean {
  return (
    a.kind === b.kind &&
    a.orderKeys.length > 0 &&
    a.place === b.place &&
    a.window?.startSeconds === b.window?.startSeconds &&
    a.window?.endSeconds === b.window?.endSeconds &&
    b.waitingSeconds === 0 &&
    b.setupSeconds === 0 &&
    b.legFromPrevious.distanceMeters === 0 &&
    b.legFromPrevious.durationSeconds === 0
  );
}

function joinStops(first: SolutionStop, second: SolutionStop): SolutionStop {
  return {
    ...first,
    orderKeys: [...first.orderKeys, ...second.orderKeys],
    serviceSeconds: first.serviceSeconds + second.serviceSeconds,
    departureSeconds: second.departureSeconds,
  };
}
