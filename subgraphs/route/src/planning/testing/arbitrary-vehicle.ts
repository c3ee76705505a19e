import * as fc from 'fast-check';
import type { PlanningBreak, PlanningReload, PlanningVehicle } from '../problem.ts';
import { VEHICLE_PROFILES } from '../travel/vehicle-profile.ts';

const HOUR = 3_600;

export function anyVehicle(placeCount: number): fc.Arbitrary<Omit<PlanningVehicle, 'key'>> {
  const place = fc.nat({ max: placeCount - 1 });
  const seldom = <Value>(value: fc.Arbitrary<Value>) =>
    fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: value });
  return fc
    .record({
      profile: fc.constantFrom(...VEHICLE_PROFILES),
      capacity: fc.record({
        weightKg: fc.constantFrom(5, 40, 70, 100, 150, 300),
        volumeM3: fc.constantFrom(0.4, 1.5, 2.4, 3, 5, 9),
        pallets: fc.constantFrom(null, null, 0, 1, 3, 6),
        parcels: fc.constantFrom(null, null, 3, 9, 20),
      }),
      capabilities: fc.uniqueArray(fc.constantFrom('COLD', 'LIFT'), { maxLength: 2 }),
      startPlace: place,
      endPlace: fc.option(place, { freq: 4 }),
      shiftStartSeconds: fc.integer({ min: -HOUR, max: 10 * HOUR }),
      shiftSeconds: fc.constantFrom(HOUR, 4 * HOUR, 6 * HOUR, 9 * HOUR, 9 * HOUR, 14 * HOUR),
      cost: fc.record({
        perKm: fc.constantFrom(0, 0.5, 1.2),
        perHour: fc.constantFrom(0, 20),
        fixed: fc.constantFrom(0, 50),
      }),
      co2eGramsPerKm: fc.constantFrom(0, 180, 700),
      maxDistanceMeters: seldom(fc.constantFrom(9_000, 30_000, 60_000, 90_000)),
      maxDurationSeconds: seldom(fc.constantFrom(HOUR, 4 * HOUR, 7 * HOUR)),
      maxVisits: seldom(fc.constantFrom(1, 2, 4, 6)),
      breaks: fc.oneof(fc.constant([]), anyBreaks()),
      reload: seldom(anyReload(placeCount)),
    })
    .map(({ shiftSeconds, ...vehicle }) => ({
      ...vehicle,
      shiftEndSeconds: vehicle.shiftStartSeconds + shiftSeconds,
    }));
}

function anyReload(placeCount: number): fc.Arbitrary<PlanningReload> {
  return fc.record({
    place: fc.nat({ max: placeCount - 1 }),
    durationSeconds: fc.constantFrom(0, 600, 2_400),
    max: fc.integer({ min: 1, max: 3 }),
  });
}

/** Sorted by their earliest and latest starts, as they must be. */
function anyBreaks(): fc.Arbitrary<PlanningBreak[]> {
  return fc
    .array(
      fc.record({
        gapSeconds: fc.integer({ min: 0, max: 6 * HOUR }),
        openSeconds: fc.constantFrom(0, 900, 2 * HOUR, 5 * HOUR),
        durationSeconds: fc.constantFrom(0, 900, 2_700),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((parts) => {
      let earliest = 0;
      let latest = 0;
      return parts.map(({ gapSeconds, openSeconds, durationSeconds }) => {
        earliest += gapSeconds;
        latest = Math.max(latest, earliest + openSeconds);
        return { earliestStartSeconds: earliest, latestStartSeconds: latest, durationSeconds };
      });
    });
}
