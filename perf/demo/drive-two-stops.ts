import { randomUUID } from 'node:crypto';

import type { Stop } from './answers.ts';
import type { DemoClient } from './client.ts';
import type { DepotDay } from './depot-day.ts';
import { followTheRoad } from './follow-the-road.ts';
import { printCost, printFact, printStep } from './print.ts';

/** The first driver who has two open stops makes them, before the eyes of the dispatcher. */
export async function driveTwoStops(
  drivers: readonly DemoClient[],
  dispatcher: DemoClient,
  depot: DepotDay,
): Promise<void> {
  printStep(
    'A driver completes one stop and fails the next; board and map of the dispatcher follow',
  );
  for (const driver of drivers) {
    const day = await driver.run('DriverDay', { date: depot.date });
    const { routeOn: route, currentVehicle } = day.data.me ?? {};
    const [first, second] = route?.stops.nodes.filter(({ status }) => status === 'PENDING') ?? [];
    if (!route || !first || !second) continue;
    printCost(`DriverDay (${route.stops.nodes.length} stops)`, day.cost);
    if (route.status === 'PLANNED') {
      const ids = [route.id];
      const sent = await dispatcher.run('Dispatch', { ids, idempotencyKey: randomUUID() });
      printCost('Dispatch', sent.cost);
    }
    const vehicleId = currentVehicle?.id ?? null;
    const drive = { depot, vehicleId, stopIds: [first.id, second.id] };
    return followTheRoad(dispatcher, drive, async () => {
      await visit(driver, { vehicleId, stop: first, ending: 'complete' });
      await visit(driver, { vehicleId, stop: second, ending: 'fail' });
    });
  }
  printFact('no demo driver has two open stops left today: plan another day');
}

type Visit = { vehicleId: string | null; stop: Stop; ending: 'complete' | 'fail' };

async function visit(driver: DemoClient, { vehicleId, stop, ending }: Visit): Promise<void> {
  const moment = () => ({ idempotencyKey: randomUUID(), occurredAt: new Date().toISOString() });
  if (vehicleId !== null) {
    const { point } = stop.place;
    const positions = [{ point, recordedAt: new Date().toISOString(), speedMetersPerSecond: 0 }];
    const sent = await driver.run('DriverPositions', { input: { vehicleId, positions } });
    printCost('DriverPositions', sent.cost);
  }
  const arrived = await driver.run('DriverArrive', { id: stop.id, input: moment() });
  printCost('DriverArrive', arrived.cost);
  const operation = ending === 'complete' ? 'DriverComplete' : 'DriverFail';
  const input = ending === 'complete' ? moment() : { ...moment(), reason: 'NOBODY_HOME' };
  const ended = await driver.run(operation, { id: stop.id, input });
  printCost(operation, ended.cost);
  const payload = 'stopComplete' in ended.data ? ended.data.stopComplete : ended.data.stopFail;
  printFact(`stop ${stop.sequence}: ${payload.stop.status}`);
}
