import { encodeId, newId } from '@quantumroute/schema/ids';
import type { Fixture } from '../fixture/fixture.ts';
import { dayFromNow } from '../fixture/times.ts';
import type { BudgetCase } from './budget-case.ts';
import { pages, sides, twice } from './budget-case.ts';
import { slotsOf } from './slots.ts';

/** What is about one vehicle or one report, and who is calling. */
export function webSingle(fixture: Fixture): BudgetCase[] {
  const { running, finished } = fixture.reports.organization;
  return [
    twice('dispatcher', { operation: 'Viewer', proof: 'viewer.organization.id' }, [{}, {}]),
    twice('analyst', { operation: 'ReportDefinitions', proof: 'reportDefinitions' }, [{}, {}]),
    ...vehicles(fixture),
    twice(
      'dispatcher',
      { operation: 'SlotOffers', proof: 'slotOffers.0.offerToken' },
      slotsOf(fixture),
    ),
    twice('analyst', { operation: 'ReportWatch', proof: 'report.id' }, eachOf(finished)),
    pages('analyst', { operation: 'ReportsLive', proof: 'reports.nodes' }),
    sides(fixture, {
      caller: 'analyst',
      operation: 'ReportRequest',
      proof: 'reportRequest.report.id',
      most: null,
      variables: ({ depot }) => ({
        input: reportInput({ subjectId: encodeId('depot', depot.id) }),
      }),
    }),
    twice(
      'analyst',
      { operation: 'ReportCancel', proof: 'reportCancel.report.id' },
      eachOf(running),
    ),
  ];
}

/** Variables that name each of two reports. */
export function eachOf([first, second]: readonly [string, string]) {
  return [{ id: encodeId('report', first) }, { id: encodeId('report', second) }] as const;
}

/** What a caller asks of a report. */
export function reportInput(more: object = {}) {
  return {
    idempotencyKey: newId(),
    kind: 'ON_TIME_IN_FULL',
    period: { from: dayFromNow(-7), to: dayFromNow(-1) },
    ...more,
  };
}

function vehicles(fixture: Fixture): BudgetCase[] {
  const caller = 'dispatcher';
  return [
    sides(fixture, {
      caller,
      operation: 'VehicleCreate',
      proof: 'vehicleCreate.vehicle.homeDepot.id',
      most: null,
      variables: ({ depot }) => ({
        input: {
          idempotencyKey: newId(),
          displayName: 'A new van',
          registrationPlate: `NEW-${depot.code}`,
          kind: 'VAN',
          homeDepotId: encodeId('depot', depot.id),
          capacity: { weightKg: 800, volumeM3: 8 },
        },
      }),
    }),
    sides(fixture, {
      caller,
      operation: 'VehicleUpdate',
      proof: 'vehicleUpdate.vehicle.homeDepot.id',
      most: null,
      variables: ({ depot }) => ({
        id: encodeId('vehicle', depot.crews[1].vehicleId),
        expectedVersion: 1,
        input: {
          displayName: 'Renamed',
          capabilities: ['tail_lift'],
          homeDepotId: encodeId('depot', depot.id),
        },
      }),
    }),
  ];
}
