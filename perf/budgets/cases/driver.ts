import { encodeId, newId } from '@quantumroute/schema/ids';
import type { Fixture } from '../fixture/fixture.ts';
import { minutesFromNow } from '../fixture/times.ts';
import type { Side } from '../fixture/side.ts';
import type { BudgetCase } from './budget-case.ts';
import { sides } from './budget-case.ts';

/** A driver's day, on a short and on a long route whose first stops have few and many orders. */
export function driverCases(fixture: Fixture): BudgetCase[] {
  const caller = ['driver', 'secondDriver'] as const;
  const step = (
    named: { operation: string; proof: string },
    variables: (side: Side) => Record<string, unknown>,
  ) => sides(fixture, { caller, ...named, most: null, variables });
  return [
    sides(fixture, {
      caller,
      operation: 'DriverDay',
      proof: 'me.routeOn.stops.nodes',
      variables: ({ today }) => ({ date: today.date }),
    }),
    sides(fixture, {
      // A driver is told of the own route; to ask for one takes the rights of a dispatcher.
      caller: 'dispatcher',
      operation: 'DriverRouteLive',
      proof: 'route.stops.nodes',
      variables: ({ long }) => ({ id: encodeId('route', long.id) }),
    }),
    sides(fixture, {
      caller,
      operation: 'DriverPositions',
      proof: 'positionsIngest.accepted',
      variables: ({ depot }) => ({
        input: {
          vehicleId: encodeId('vehicle', depot.crews[0].vehicleId),
          positions: depot.crews.map(({ number }) => ({
            point: { latitude: depot.latitude, longitude: depot.longitude },
            recordedAt: minutesFromNow(number - depot.size - 10),
          })),
        },
      }),
    }),
    step({ operation: 'DriverDuty', proof: 'driverDutyStatusSet.driver.currentShift.id' }, () => ({
      input: { idempotencyKey: newId(), dutyStatus: 'ON_DUTY', at: minutesFromNow(-5) },
    })),
    step({ operation: 'DriverArrive', proof: 'stopArrive.stop.id' }, ({ long }) => ({
      id: encodeId('stop', long.stops[0].id),
      input: { idempotencyKey: newId(), occurredAt: minutesFromNow(-3) },
    })),
    step({ operation: 'DriverComplete', proof: 'stopComplete.route.nextStop.id' }, ({ long }) => ({
      id: encodeId('stop', long.stops[0].id),
      input: { idempotencyKey: newId(), occurredAt: minutesFromNow(-2) },
    })),
    step({ operation: 'DriverFail', proof: 'stopFail.route.nextStop.id' }, ({ long }) => ({
      id: encodeId('stop', long.stops[1].id),
      input: { idempotencyKey: newId(), occurredAt: minutesFromNow(-1), reason: 'NOBODY_HOME' },
    })),
    // After the driver has completed it: the dispatcher puts it right.
    sides(fixture, {
      caller: 'dispatcher',
      operation: 'StopCorrect',
      proof: 'stopCorrect.stop.id',
      most: null,
      variables: ({ long }) => ({
        id: encodeId('stop', long.stops[0].id),
        expectedVersion: 3,
        input: { idempotencyKey: newId(), outcome: 'FAILED', failureReason: 'REFUSED' },
      }),
    }),
  ];
}
