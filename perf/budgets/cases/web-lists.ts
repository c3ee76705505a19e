import { encodeId } from '@quantumroute/schema/ids';
import type { Fixture } from '../fixture/fixture.ts';
import { SIZES, SPREAD } from '../fixture/fixture.ts';
import { dayFromNow, minutesFromNow } from '../fixture/times.ts';
import type { BudgetCase, Run } from './budget-case.ts';
import { pages, sides } from './budget-case.ts';

/** What dispatchers and analysts look at. */
export function webLists(fixture: Fixture): BudgetCase[] {
  const { depot } = fixture.large;
  return [
    pages('dispatcher', { operation: 'DepotList', proof: 'depots.nodes' }),
    pages('dispatcher', {
      operation: 'VehicleFinder',
      proof: 'vehicles.nodes',
      capabilities: ['refrigerated'],
      area: {
        south: depot.latitude - 1,
        north: depot.latitude + 1,
        west: depot.longitude - 1,
        east: depot.longitude + 1,
      },
    }),
    pages('dispatcher', {
      operation: 'VehicleDetail',
      proof: 'vehicle.positions.nodes',
      id: encodeId('vehicle', depot.crews[1].vehicleId),
      between: { start: minutesFromNow(-600), end: minutesFromNow(1) },
    }),
    pages('dispatcher', { operation: 'OrderSearch', proof: 'orders.nodes', search: SPREAD }),
    pages('analyst', { operation: 'ReportList', proof: 'reports.nodes' }),
    pages('analyst', {
      operation: 'ReportResult',
      proof: 'report.rows.nodes',
      id: encodeId('report', fixture.reports.organization.finished[0]),
    }),
    travelTimes(),
    ...ofDepots(fixture),
    ...ofDays(fixture),
  ];
}

function travelTimes(): BudgetCase {
  const run = (origins: number): Run => {
    const places = Array.from({ length: origins }, (_, index) => ({
      latitude: 41.8 + index / 1_000,
      longitude: -87.7,
    }));
    const input = { origins: places, destinations: places.slice(0, 10) };
    return { caller: 'dispatcher', variables: { input }, items: origins };
  };
  return {
    operation: 'TravelTimes',
    proof: 'travelMatrix.durationsSeconds',
    few: run(SIZES.small),
    many: run(SIZES.large),
  };
}

function ofDepots(fixture: Fixture): BudgetCase[] {
  return [
    sides(fixture, {
      caller: 'dispatcher',
      operation: 'DriverList',
      proof: 'drivers.nodes',
      variables: ({ depot }) => ({
        depotId: encodeId('depot', depot.id),
        shifts: { from: dayFromNow(-2), to: dayFromNow(3) },
        first: SIZES.large,
      }),
    }),
    sides(fixture, {
      caller: 'dispatcher',
      operation: 'VehicleAlertsLive',
      proof: 'vehicle.id',
      most: null,
      variables: ({ depot }) => ({
        vehicle: encodeId('vehicle', depot.crews[0].vehicleId),
        depot: encodeId('depot', depot.id),
      }),
    }),
    sides(fixture, {
      caller: 'dispatcher',
      operation: 'LiveFleet',
      proof: 'vehicles.nodes',
      variables: ({ depot }) => ({ depotId: encodeId('depot', depot.id), first: SIZES.large }),
    }),
    sides(fixture, {
      caller: 'analyst',
      operation: 'DepotDashboard',
      proof: 'kpis.onTime.denominator',
      variables: ({ depot }) => ({
        depotId: encodeId('depot', depot.id),
        period: { from: dayFromNow(-1), to: dayFromNow(-1) },
      }),
    }),
    sides(fixture, {
      caller: 'analyst',
      operation: 'OnTimeEvidence',
      proof: 'kpis.onTime.evidence.nodes',
      variables: ({ depot }) => ({
        depotId: encodeId('depot', depot.id),
        period: { from: dayFromNow(-1), to: dayFromNow(-1) },
        first: SIZES.large,
      }),
    }),
  ];
}

function ofDays(fixture: Fixture): BudgetCase[] {
  const caller = 'dispatcher';
  return [
    sides(fixture, {
      caller,
      operation: 'BoardOpen',
      proof: 'plan.routes.nodes',
      most: 100,
      variables: ({ depot, today }) => ({ depotId: encodeId('depot', depot.id), date: today.date }),
    }),
    ...(['BoardList', 'OrdersUnassigned'] as const).map((operation) =>
      sides(fixture, {
        caller,
        operation,
        proof: operation === 'BoardList' ? 'routes.nodes' : 'orders.nodes',
        variables: ({ depot, today }) => ({
          depotId: encodeId('depot', depot.id),
          date: today.date,
          first: SIZES.large,
        }),
      }),
    ),
    sides(fixture, {
      caller,
      operation: 'BoardRouteDetail',
      proof: 'route.stops.nodes',
      variables: ({ long }) => ({ id: encodeId('route', long.id), first: SIZES.large }),
    }),
    sides(fixture, {
      caller,
      operation: 'OrderDetail',
      proof: 'order.events.nodes',
      most: 50,
      variables: ({ long }) => ({ id: encodeId('order', long.stops[0].orders[0].id) }),
    }),
    sides(fixture, {
      caller,
      operation: 'OrderFitOptions',
      proof: 'order.fitOptions',
      most: null,
      variables: ({ waitingOrderId }) => ({ id: encodeId('order', waitingOrderId) }),
    }),
  ];
}
