import {
  MAX_BREAKS,
  MAX_RELOADS,
  type PlanningBreak,
  type PlanningReload,
  type PlanningVehicle,
} from '../problem.ts';
import { VEHICLE_PROFILES } from '../travel/vehicle-profile.ts';
import {
  checkAmount,
  checkCost,
  checkDuration,
  checkInstant,
  checkPlace,
  checkWhole,
  type Path,
  type Report,
} from './report.ts';

export function checkVehicle(
  report: Report,
  path: Path,
  { vehicle, placeCount }: { vehicle: PlanningVehicle; placeCount: number },
): void {
  if (!VEHICLE_PROFILES.includes(vehicle.profile)) {
    report([...path, 'profile'], `must be one of ${VEHICLE_PROFILES.join(', ')}`);
  }
  checkPlace(report, [...path, 'startPlace'], vehicle.startPlace, placeCount);
  if (vehicle.endPlace !== null) {
    checkPlace(report, [...path, 'endPlace'], vehicle.endPlace, placeCount);
  }
  checkCapacity(report, [...path, 'capacity'], vehicle);
  checkShift(report, path, vehicle);
  checkCost(report, [...path, 'cost', 'perKm'], vehicle.cost.perKm);
  checkCost(report, [...path, 'cost', 'perHour'], vehicle.cost.perHour);
  checkCost(report, [...path, 'cost', 'fixed'], vehicle.cost.fixed);
  checkAmount(report, [...path, 'co2eGramsPerKm'], vehicle.co2eGramsPerKm);
  checkLimits(report, path, vehicle);
  checkBreaks(report, [...path, 'breaks'], vehicle.breaks);
  if (vehicle.reload) checkReload(report, [...path, 'reload'], vehicle.reload, placeCount);
}

function checkCapacity(report: Report, path: Path, { capacity }: PlanningVehicle): void {
  checkAmount(report, [...path, 'weightKg'], capacity.weightKg);
  checkAmount(report, [...path, 'volumeM3'], capacity.volumeM3);
  if (capacity.pallets !== null) checkWhole(report, [...path, 'pallets'], capacity.pallets);
  if (capacity.parcels !== null) checkWhole(report, [...path, 'parcels'], capacity.parcels);
}

function checkShift(report: Report, path: Path, vehicle: PlanningVehicle): void {
  const { shiftStartSeconds, shiftEndSeconds } = vehicle;
  checkInstant(report, [...path, 'shiftStartSeconds'], shiftStartSeconds);
  checkInstant(report, [...path, 'shiftEndSeconds'], shiftEndSeconds);
  if (shiftEndSeconds <= shiftStartSeconds) {
    report([...path, 'shiftEndSeconds'], 'must be after the start of the shift');
  }
}

function checkLimits(report: Report, path: Path, vehicle: PlanningVehicle): void {
  const { maxDistanceMeters, maxDurationSeconds, maxVisits } = vehicle;
  if (maxDistanceMeters !== null) {
    checkAmount(report, [...path, 'maxDistanceMeters'], maxDistanceMeters);
  }
  if (maxDurationSeconds !== null) {
    checkAmount(report, [...path, 'maxDurationSeconds'], maxDurationSeconds);
  }
  if (maxVisits !== null) checkWhole(report, [...path, 'maxVisits'], maxVisits);
}

function checkBreaks(report: Report, path: Path, breaks: readonly PlanningBreak[]): void {
  if (breaks.length > MAX_BREAKS) {
    report(path, `at most ${MAX_BREAKS} breaks, got ${breaks.length}`);
  }
  breaks.forEach((pause, index) => {
    const at = [...path, `${index}`];
    checkInstant(report, [...at, 'earliestStartSeconds'], pause.earliestStartSeconds);
    checkInstant(report, [...at, 'latestStartSeconds'], pause.latestStartSeconds);
    checkDuration(report, [...at, 'durationSeconds'], pause.durationSeconds);
    if (pause.latestStartSeconds < pause.earliestStartSeconds) {
      report([...at, 'latestStartSeconds'], 'must not be before the earliest start');
    }
    const previous = breaks[index - 1];
    const isInOrder =
      previous === undefined ||
      (pause.earliestStartSeconds >= previous.earliestStartSeconds &&
        pause.latestStartSeconds >= previous.latestStartSeconds);
    if (!isInOrder) report(at, 'must be listed in the order in which they are taken');
  });
}

function checkReload(report: Report, path: Path, reload: PlanningReload, placeCount: number): void {
  checkPlace(report, [...path, 'place'], reload.place, placeCount);
  checkDuration(report, [...path, 'durationSeconds'], reload.durationSeconds);
  if (!Number.isInteger(reload.max) || reload.max < 1 || reload.max > MAX_RELOADS) {
    report([...path, 'max'], `must be a whole number from 1 to ${MAX_RELOADS}, got ${reload.max}`);
  }
}
