import { MAX_PRIORITY, MAX_WINDOWS, type PlanningOrder, type PlanningVisit } from '../problem.ts';
import {
  checkAmount,
  checkDuration,
  checkInstant,
  checkPlace,
  checkWhole,
  type Path,
  type Report,
} from './report.ts';

export function checkOrder(
  report: Report,
  path: Path,
  { order, placeCount }: { order: PlanningOrder; placeCount: number },
): void {
  const { pickup, delivery, load, priority } = order;
  if (pickup === null && delivery === null) {
    report(path, 'must have a pickup, a delivery or both, got none');
  }
  if (pickup) checkVisit(report, [...path, 'pickup'], pickup, placeCount);
  if (delivery) checkVisit(report, [...path, 'delivery'], delivery, placeCount);
  checkAmount(report, [...path, 'load', 'weightKg'], load.weightKg);
  checkAmount(report, [...path, 'load', 'volumeM3'], load.volumeM3, MAX_VOLUME_M3);
  checkWhole(report, [...path, 'load', 'pallets'], load.pallets);
  checkWhole(report, [...path, 'load', 'parcels'], load.parcels);
  if (!(priority >= 0 && priority <= MAX_PRIORITY)) {
    report([...path, 'priority'], `must be from 0 to ${MAX_PRIORITY}, got ${priority}`);
  }
}

/** So that 2,000 of them still add up exactly in cubic centimetres. */
const MAX_VOLUME_M3 = 1e6;

function checkVisit(report: Report, path: Path, visit: PlanningVisit, placeCount: number): void {
  checkPlace(report, [...path, 'place'], visit.place, placeCount);
  checkDuration(report, [...path, 'serviceSeconds'], visit.serviceSeconds);
  checkDuration(report, [...path, 'setupSeconds'], visit.setupSeconds);
  checkWindows(report, [...path, 'windows'], visit);
}

function checkWindows(report: Report, path: Path, { windows }: PlanningVisit): void {
  if (windows.length > MAX_WINDOWS) {
    report(path, `at most ${MAX_WINDOWS} windows, got ${windows.length}`);
  }
  windows.forEach(({ startSeconds, endSeconds }, index) => {
    checkInstant(report, [...path, `${index}`, 'startSeconds'], startSeconds);
    checkInstant(report, [...path, `${index}`, 'endSeconds'], endSeconds);
    if (endSeconds <= startSeconds) report([...path, `${index}`], 'must end after it starts');
  });
}
