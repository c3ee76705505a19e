import type { DemoClient } from './client.ts';
import type { DepotDay } from './depot-day.ts';
import { plural, printFact } from './print.ts';

/** What is about to happen on the road. */
export type Drive = {
  /** Null where nobody may tell where it is, because the shift of its driver is not now. */
  vehicleId: string | null;
  stopIds: readonly string[];
};

type Followed = Drive & { depot: DepotDay; onBegun: () => void; signal: AbortSignal };

const PATIENCE_MS = 20_000;

/** The dispatcher follows the depot's board and map while somebody drives; prints what is told. */
export async function followTheRoad(
  dispatcher: DemoClient,
  { depot, ...drive }: Drive & { depot: DepotDay },
  happen: () => Promise<void>,
): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const begun = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  const [board, map] = begun.map(({ resolve: onBegun }) => ({ ...drive, depot, onBegun, signal }));
  if (!board || !map) return;
  const told = Promise.all([followBoard(dispatcher, board), followMap(dispatcher, map)]);
  await Promise.race([told, Promise.all(begun.map(({ promise }) => promise))]);
  await Promise.all([told, happen()]);
}

async function followBoard(
  dispatcher: DemoClient,
  { depot: { id: depotId, date }, stopIds, onBegun, signal }: Followed,
): Promise<void> {
  const open = new Set(stopIds);
  const events = dispatcher.watch('BoardLive', { depotId, date }, { signal });
  for await (const { boardUpdated } of events) {
    onBegun();
    const { change } = boardUpdated;
    if (change?.__typename === 'Route') {
      const { completedStops, failedStops, totalStops } = change.progress;
      const finished = completedStops + failedStops;
      printFact(`board: a route is ${change.routeStatus}, ${finished} of ${totalStops} stops done`);
    }
    if (change?.__typename !== 'Stop') continue;
    printFact(`board: stop ${change.sequence} is ${change.stopStatus}`);
    if (change.stopStatus !== 'ARRIVED') open.delete(change.id);
    if (open.size === 0) return;
  }
  throw new Error('the board was not told of what happened on the road');
}

async function followMap(
  dispatcher: DemoClient,
  { depot: { id: depotId }, vehicleId, onBegun, signal }: Followed,
): Promise<void> {
  let isBegun = false;
  const events = dispatcher.watch('LiveFleet', { depotId, intervalSeconds: 1 }, { signal });
  for await (const { vehiclePositions } of events) {
    const { vehicles } = vehiclePositions;
    if (!isBegun) printFact(`map: ${plural(vehicles.length, 'vehicle')}`);
    onBegun();
    const driven = isBegun ? vehicles.find(({ id }) => id === vehicleId) : undefined;
    isBegun = true;
    const { latitude, longitude } = driven?.position?.point ?? {};
    if (driven)
      printFact(`map: one has moved to ${latitude?.toFixed(4)}, ${longitude?.toFixed(4)}`);
    if (driven || vehicleId === null) return;
  }
  throw new Error('the map was not told where the vehicle is');
}
