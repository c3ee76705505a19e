import type { Vehicle } from '../storage/entities/vehicle.ts';
import type { Fix } from './fix.ts';
import { straightLineMeters } from './straight-line.ts';

export type AlertKind = 'SPEEDING' | 'GEOFENCE_ENTER' | 'GEOFENCE_EXIT' | 'LOW_ENERGY';

/** What is known of a vehicle from its positions so far. */
export type TrackedState = {
  /** The depot that it is at. */
  depotId: string | null;
  isSpeeding: boolean;
  isEnergyLow: boolean;
  isOffline: boolean;
};

export type Place = { id: string; name: string; latitude: number; longitude: number };

/** Something that somebody should see. */
export type FoundAlert = {
  kind: AlertKind;
  occurredAt: Date;
  latitude: number;
  longitude: number;
  depotId: string | null;
  detail: string;
};

/** Nothing of its kind drives faster anywhere: a bicycle 45 km/h, a car or van 130, a truck 90. */
const FASTEST_METERS_PER_SECOND: Record<Vehicle['kind'], number> = {
  CARGO_BIKE: 12.5,
  CAR: 36.2,
  VAN: 36.2,
  RIGID_TRUCK: 25,
  ARTICULATED_TRUCK: 25,
};
/** Speed by satellite is a little off. */
const SPEED_TOLERANCE = 1.05;
// Each begins at one value and ends at another, so that noise at the border is not told again and again.
const LOW_ENERGY_RATIO = 0.15;
const ENOUGH_ENERGY_RATIO = 0.25;
const ENTER_METERS = 200;
const EXIT_METERS = 300;
/** A position that is less certain says nothing about where a border was crossed. */
const WORST_ACCURACY_METERS = 100;

/**
 * What newer positions, oldest first, make of a vehicle's state, and the alerts on the way. A
 * vehicle that was never judged begins where it is: that is no arrival.
 */
export function judgeFixes(
  before: TrackedState | null,
  fixes: readonly Fix[],
  { kind, depots }: { kind: Vehicle['kind']; depots: readonly Place[] },
): { state: TrackedState; alerts: FoundAlert[] } {
  const alerts: FoundAlert[] = [];
  let state = before;
  for (const fix of fixes) {
    const judged = judgeFix(state ?? UNKNOWN, fix, { kind, depots });
    alerts.push(...judged.alerts.filter((alert) => state !== null || !isGeofence(alert)));
    state = judged.state;
  }
  return { state: state ?? UNKNOWN, alerts };
}

const UNKNOWN: TrackedState = {
  depotId: null,
  isSpeeding: false,
  isEnergyLow: false,
  isOffline: false,
};

function isGeofence({ kind }: FoundAlert): boolean {
  return kind === 'GEOFENCE_ENTER' || kind === 'GEOFENCE_EXIT';
}

function judgeFix(
  state: TrackedState,
  fix: Fix,
  { kind, depots }: { kind: Vehicle['kind']; depots: readonly Place[] },
): { state: TrackedState; alerts: FoundAlert[] } {
  const alerts: FoundAlert[] = [];
  const tell = (alert: Pick<FoundAlert, 'kind' | 'detail'>, depotId: string | null = null) => {
    const { recordedAt: occurredAt, latitude, longitude } = fix;
    alerts.push({ ...alert, occurredAt, latitude, longitude, depotId });
  };
  const { speedMetersPerSecond: speed, energyLevelRatio: energy } = fix;
  const fastest = FASTEST_METERS_PER_SECOND[kind];
  const isSpeeding = switched(state.isSpeeding, {
    on: speed !== null && speed > fastest * SPEED_TOLERANCE,
    off: speed !== null && speed <= fastest,
  });
  if (isSpeeding && !state.isSpeeding) {
    tell({ kind: 'SPEEDING', detail: `${kmh(speed ?? 0)} km/h, at most ${kmh(fastest)} expected` });
  }
  const isEnergyLow = switched(state.isEnergyLow, {
    on: energy !== null && energy < LOW_ENERGY_RATIO,
    off: energy !== null && energy > ENOUGH_ENERGY_RATIO,
  });
  if (isEnergyLow && !state.isEnergyLow) {
    tell({ kind: 'LOW_ENERGY', detail: `${Math.round((energy ?? 0) * 100)} % left` });
  }
  const depotId = depotAt(state.depotId, fix, depots);
  const nameOf = (id: string | null) => depots.find((depot) => depot.id === id)?.name ?? 'a depot';
  if (depotId !== state.depotId) {
    if (state.depotId !== null) {
      tell({ kind: 'GEOFENCE_EXIT', detail: `Left ${nameOf(state.depotId)}` }, state.depotId);
    }
    if (depotId !== null) {
      tell({ kind: 'GEOFENCE_ENTER', detail: `Arrived at ${nameOf(depotId)}` }, depotId);
    }
  }
  return { state: { depotId, isSpeeding, isEnergyLow, isOffline: false }, alerts };
}

function switched(was: boolean, { on, off }: { on: boolean; off: boolean }): boolean {
  return on || (was && !off);
}

/** The depot that it is still at, or the nearest that it has come to. */
function depotAt(present: string | null, fix: Fix, depots: readonly Place[]): string | null {
  if ((fix.accuracyMeters ?? 0) > WORST_ACCURACY_METERS) return present;
  const near = depots
    .map((depot) => ({ id: depot.id, meters: straightLineMeters(fix, depot) }))
    .toSorted((a, b) => a.meters - b.meters);
  const still = near.find(({ id, meters }) => id === present && meters <= EXIT_METERS);
  if (still) return still.id;
  const [nearest] = near;
  return nearest && nearest.meters <= ENTER_METERS ? nearest.id : null;
}

function kmh(metersPerSecond: number): number {
  return Math.round(metersPerSecond * 3.6);
}
