import { isDeepStrictEqual } from 'node:util';
import type { VehicleAlerted } from '../live/vehicle-alerted.ts';
import { findJudging, writeJudged } from '../storage/stores/alerts.ts';
import type { Tenant } from '../storage/tenant.ts';
import { judgeFixes } from '../tracking/alerts.ts';
import type { Fix } from '../tracking/fix.ts';

/** More than this of one batch are noise. */
const MOST_ALERTS = 20;
/** Wide enough for a depot that a vehicle is at, on every latitude where there are roads. */
const AROUND_DEGREES = 0.05;

/** What newer positions of a vehicle, oldest first, have to tell; gives the alerts as events. */
export async function judgePositions(
  tenant: Tenant,
  vehicleId: string,
  fixes: readonly Fix[],
): Promise<VehicleAlerted[]> {
  if (fixes.length === 0) return [];
  const judging = await findJudging(tenant, vehicleId, boxAround(fixes));
  if (judging === null) return [];
  const { state, alerts } = judgeFixes(judging.state, fixes, judging);
  if (alerts.length === 0 && isDeepStrictEqual(state, judging.state)) return [];
  return writeJudged(tenant, vehicleId, { state, alerts: alerts.slice(-MOST_ALERTS) });
}

function boxAround(fixes: readonly Fix[]) {
  const latitudes = fixes.map(({ latitude }) => latitude);
  const longitudes = fixes.map(({ longitude }) => longitude);
  return {
    south: Math.min(...latitudes) - AROUND_DEGREES,
    north: Math.max(...latitudes) + AROUND_DEGREES,
    west: Math.min(...longitudes) - AROUND_DEGREES,
    east: Math.max(...longitudes) + AROUND_DEGREES,
  };
}
