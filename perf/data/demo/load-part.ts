import type { ClientBase } from 'pg';
import { addDays, dayAt } from '../calendar.ts';
import { finishedDay } from '../days/finished-day.ts';
import { factRows } from '../days/fact-rows.ts';
import { finishedRows } from '../days/finished-rows.ts';
import { openOrders, openRows } from '../days/open-day.ts';
import type { OpenPart } from '../days/open-day.ts';
import { shiftRows } from '../days/shift-rows.ts';
import { latestPositions, trailRows } from '../days/trail.ts';
import type { EmissionFactors } from '../fleet/energy.ts';
import { copyRows } from '../load/copy-rows.ts';
import { openReportDay } from '../load/report-day.ts';
import { mergeRows } from '../load/rows.ts';
import { TABLES } from '../load/tables.ts';
import { partKey } from './parts.ts';
import type { DemoSize, Part } from './parts.ts';

type Loading = {
  size: DemoSize;
  now: number;
  loaded: ReadonlySet<string>;
  factors: EmissionFactors;
};

/** Writes one part; returns how many rows. */
export async function loadPart(client: ClientBase, part: Part, loading: Loading): Promise<number> {
  const { depot, day } = part;
  switch (part.kind) {
    case 'finished':
      return loadFinished(client, part, loading);
    case 'shifts':
      return copyRows(client, shiftRows(depot, day, { isOver: false }));
    case 'open-early':
    case 'open-late':
      return copyRows(client, openRows(ordersOf(part, part.kind, loading.size)));
    case 'positions':
      return loadPositions(client, part, loading);
  }
}

/**
 * A day that was open before becomes history: what nobody touched of it goes. A day that somebody
 * planned stays as they left it.
 */
async function loadFinished(client: ClientBase, part: Part, loading: Loading): Promise<number> {
  const { depot, day } = part;
  const { stopShare } = loading.size;
  if (await isPlanned(client, part)) return 0;
  // The whole story of orders for the last week only: it is most of the rows.
  const isRecent = day >= addDays(dayAt(loading.now, depot.timeZone), -7);
  const events = isRecent ? 'all' : 'ends';
  const wasOpen = loading.loaded.has(partKey({ ...part, kind: 'shifts' }));
  if (wasOpen) await closeDay(client, part, loading.size);
  const finished = finishedDay(depot, day, { stopShare });
  await openReportDay(client, { organizationId: depot.organization.id, day });
  return copyRows(
    client,
    mergeRows([
      wasOpen ? {} : shiftRows(depot, day, { isOver: true }),
      finishedRows(finished, { events }),
      factRows(finished, loading.factors),
    ]),
  );
}

async function isPlanned(client: ClientBase, { depot, day }: Part): Promise<boolean> {
  const { rowCount } = await client.query(
    'select from route.plans where organization_id = $1 and depot_id = $2 and service_date = $3',
    [depot.organization.id, depot.id, day],
  );
  return rowCount !== 0;
}

async function closeDay(client: ClientBase, part: Part, size: DemoSize): Promise<void> {
  const orders = [...ordersOf(part, 'open-early', size), ...ordersOf(part, 'open-late', size)];
  const untouched = `select id from route.orders
    where id = any($1) and status = 'ACCEPTED' and version = 1 and stop_id is null`;
  const ids = [orders.map(({ id }) => id)];
  await client.query(`delete from route.order_events where order_id in (${untouched})`, ids);
  await client.query(`delete from route.orders where id in (${untouched})`, ids);
  const shifts = shiftRows(part.depot, part.day, { isOver: true })['fleet.shifts'] ?? [];
  await client.query(
    `update fleet.shifts set started_at = over.started_at, ended_at = over.ended_at
     from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) as over (id, started_at, ended_at)
     where shifts.id = over.id and shifts.started_at is null`,
    [
      shifts.map((shift) => shift.id),
      shifts.map((shift) => shift.started_at),
      shifts.map((shift) => shift.ended_at),
    ],
  );
}

/** Yesterday's ways, and where everybody is now unless a tracker has said something later. */
async function loadPositions(
  client: ClientBase,
  { depot, day }: Part,
  { size, now }: Loading,
): Promise<number> {
  const yesterday = finishedDay(depot, addDays(day, -1), { stopShare: size.stopShare });
  const latest = latestPositions(depot, now);
  const columns = TABLES['fleet.latest_positions'].join(', ');
  await client.query(
    `insert into fleet.latest_positions (${columns})
     select ${columns} from json_populate_recordset(null::fleet.latest_positions, $1)
     on conflict (vehicle_id) do update set
       (transaction_id, recorded_at, received_at, latitude, longitude, speed_meters_per_second, heading_degrees,
        accuracy_meters, odometer_meters, energy_level_ratio) =
       (excluded.transaction_id, excluded.recorded_at, excluded.received_at, excluded.latitude, excluded.longitude,
        excluded.speed_meters_per_second, excluded.heading_degrees, excluded.accuracy_meters,
        excluded.odometer_meters, excluded.energy_level_ratio)
     where latest_positions.recorded_at < excluded.recorded_at`,
    [JSON.stringify(latest)],
  );
  const trail = trailRows(yesterday.routes);
  trail['fleet.positions']?.push(...latest);
  return copyRows(client, trail);
}

function ordersOf({ depot, day }: Part, part: OpenPart, size: DemoSize) {
  return openOrders(depot, day, { part, ordersPerDay: size.ordersPerCrew * depot.crews.length });
}
