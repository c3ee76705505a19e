import {
  MAX_ORDERS,
  MAX_VEHICLES,
  MAX_WINDOWS,
  type PlanningOrder,
  type PlanningProblem,
  type PlanningVehicle,
} from './problem.ts';
import type { GeoPoint } from './travel/geo-point.ts';
import { VEHICLE_PROFILES } from './travel/vehicle-profile.ts';

/** `path` leads to the culprit, list indexes as strings: `['orders', '3', 'windows', '0']`. */
export type ProblemFlaw = {
  readonly path: readonly string[];
  readonly message: string;
};

/** At most this many flaws are listed: a caller with thousands has one cause. */
const MAX_FLAWS = 100;

/** An hour of service, a shift of days: beyond this the figure is a mistake of units. */
const MAX_SECONDS = 7 * 24 * 3600;

/** Everything that makes a problem senseless. Orders that nobody can serve are no flaw. */
export function checkProblem(problem: PlanningProblem): ProblemFlaw[] {
  const flaws: ProblemFlaw[] = [];
  const report: Report = (path, message) => {
    if (flaws.length < MAX_FLAWS) flaws.push({ path, message });
  };
  checkCount(report, 'orders', problem.orders.length, MAX_ORDERS);
  checkCount(report, 'vehicles', problem.vehicles.length, MAX_VEHICLES);
  checkPoint(report, ['depot'], problem.depot);
  checkKeys(report, 'orders', problem.orders);
  checkKeys(report, 'vehicles', problem.vehicles);
  problem.vehicles.forEach((vehicle, index) => checkVehicle(report, `${index}`, vehicle));
  problem.orders.forEach((order, index) => checkOrder(report, `${index}`, order));
  checkMatrices(report, problem);
  return flaws;
}

type Report = (path: readonly string[], message: string) => void;

function checkCount(report: Report, list: string, count: number, max: number): void {
  if (count > max) report([list], `at most ${max} are planned at once, got ${count}`);
}

function checkKeys(report: Report, list: string, items: readonly { readonly key: string }[]): void {
  const seen = new Set<string>();
  items.forEach(({ key }, index) => {
    if (seen.has(key)) report([list, `${index}`, 'key'], `"${key}" is used twice`);
    seen.add(key);
  });
}

function checkVehicle(report: Report, index: string, vehicle: PlanningVehicle): void {
  const path = ['vehicles', index];
  const { capacity, cost, shiftStartSeconds, shiftEndSeconds } = vehicle;
  if (!VEHICLE_PROFILES.includes(vehicle.profile)) {
    report([...path, 'profile'], `must be one of ${VEHICLE_PROFILES.join(', ')}`);
  }
  checkAmount(report, [...path, 'capacity', 'weightKg'], capacity.weightKg);
  checkAmount(report, [...path, 'capacity', 'volumeM3'], capacity.volumeM3);
  if (capacity.parcels !== null) {
    checkWhole(report, [...path, 'capacity', 'parcels'], capacity.parcels);
  }
  checkInstant(report, [...path, 'shiftStartSeconds'], shiftStartSeconds);
  checkInstant(report, [...path, 'shiftEndSeconds'], shiftEndSeconds);
  if (shiftEndSeconds <= shiftStartSeconds) {
    report([...path, 'shiftEndSeconds'], 'must be after the start of the shift');
  }
  checkAmount(report, [...path, 'cost', 'perKm'], cost.perKm);
  checkAmount(report, [...path, 'cost', 'perHour'], cost.perHour);
  checkAmount(report, [...path, 'cost', 'fixed'], cost.fixed);
}

function checkOrder(report: Report, index: string, order: PlanningOrder): void {
  const path = ['orders', index];
  checkPoint(report, [...path, 'point'], order.point);
  checkAmount(report, [...path, 'load', 'weightKg'], order.load.weightKg);
  checkAmount(report, [...path, 'load', 'volumeM3'], order.load.volumeM3);
  checkWhole(report, [...path, 'load', 'parcels'], order.load.parcels);
  checkWhole(report, [...path, 'serviceSeconds'], order.serviceSeconds);
  if (order.serviceSeconds > MAX_SECONDS) {
    report(
      [...path, 'serviceSeconds'],
      `must be at most ${MAX_SECONDS}, got ${order.serviceSeconds}`,
    );
  }
  if (!(order.priority >= 0 && order.priority <= 100)) {
    report([...path, 'priority'], `must be from 0 to 100, got ${order.priority}`);
  }
  checkWindows(report, [...path, 'windows'], order);
}

function checkWindows(report: Report, path: readonly string[], order: PlanningOrder): void {
  if (order.windows.length > MAX_WINDOWS) {
    report(path, `at most ${MAX_WINDOWS} windows, got ${order.windows.length}`);
  }
  order.windows.forEach(({ startSeconds, endSeconds }, index) => {
    checkInstant(report, [...path, `${index}`, 'startSeconds'], startSeconds);
    checkInstant(report, [...path, `${index}`, 'endSeconds'], endSeconds);
    if (endSeconds <= startSeconds) report([...path, `${index}`], 'must end after it starts');
  });
}

function checkPoint(report: Report, path: readonly string[], point: GeoPoint): void {
  if (!(Math.abs(point.latitude) <= 90)) {
    report([...path, 'latitude'], `must be from -90 to 90, got ${point.latitude}`);
  }
  if (!(Math.abs(point.longitude) <= 180)) {
    report([...path, 'longitude'], `must be from -180 to 180, got ${point.longitude}`);
  }
}

function checkAmount(report: Report, path: readonly string[], amount: number): void {
  if (!(amount >= 0 && amount <= 1e9)) report(path, `must be from 0 to 1e9, got ${amount}`);
}

function checkWhole(report: Report, path: readonly string[], amount: number): void {
  if (!Number.isInteger(amount)) report(path, `must be a whole number, got ${amount}`);
  else checkAmount(report, path, amount);
}

/** Negative is fine: a shift may start on the evening before the reference instant. */
function checkInstant(report: Report, path: readonly string[], seconds: number): void {
  if (!Number.isInteger(seconds) || Math.abs(seconds) > MAX_SECONDS) {
    report(path, `must be whole seconds within a week of the reference instant, got ${seconds}`);
  }
}

function checkMatrices(report: Report, problem: PlanningProblem): void {
  if (problem.travel.kind !== 'MATRICES') return;
  const size = problem.orders.length + 1;
  for (const profile of new Set(problem.vehicles.map((vehicle) => vehicle.profile))) {
    const path = ['travel', 'matrices', profile];
    const matrix = problem.travel.matrices[profile];
    if (matrix === undefined) report(path, 'is missing, though a vehicle has this profile');
    else if (
      matrix.size !== size ||
      matrix.distanceMeters.length !== size * size ||
      matrix.durationSeconds.length !== size * size
    ) {
      report(path, `must have ${size} rows and columns, got ${matrix.size}`);
    } else if (matrix.distanceMeters.some(isNegative) || matrix.durationSeconds.some(isNegative)) {
      report(path, 'must not have negative distances or durations');
    }
  }
}

function isNegative(value: number): boolean {
  return value < 0;
}
