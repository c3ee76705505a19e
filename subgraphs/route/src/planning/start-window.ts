import type { InstanceOrder } from './instance.ts';

/** The first second, from the arrival on, at which service may start; Infinity when it is too late. */
export function earliestStart(order: InstanceOrder, arrivalSeconds: number): number {
  let earliest = Infinity;
  for (const { firstSeconds, lastSeconds } of order.windows) {
    if (arrivalSeconds > lastSeconds) continue;
    // Windows may overlap, so the first that is still open is not always the best one.
    earliest = Math.min(earliest, Math.max(arrivalSeconds, firstSeconds));
  }
  return earliest;
}

/** The last second, up to the bound, at which service may start; -Infinity when it is too early. */
export function latestStart(order: InstanceOrder, boundSeconds: number): number {
  let latest = -Infinity;
  for (const { firstSeconds, lastSeconds } of order.windows) {
    if (boundSeconds >= firstSeconds)
      latest = Math.max(latest, Math.min(boundSeconds, lastSeconds));
  }
  return latest;
}
