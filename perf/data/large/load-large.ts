import type { ClientBase } from 'pg';
import { addDays, dayAt } from '../calendar.ts';
import { finishedDay } from '../days/finished-day.ts';
import { factRows } from '../days/fact-rows.ts';
import { finishedRows } from '../days/finished-rows.ts';
import { shiftRows } from '../days/shift-rows.ts';
import { readEmissionFactors } from '../fleet/energy.ts';
import { fleetRows } from '../fleet/fleet-rows.ts';
import { analyzeAsTheyDouble, settle } from '../load/analyze.ts';
import { copyRows } from '../load/copy-rows.ts';
import type { Progress } from '../load/progress.ts';
import { openReportDay } from '../load/report-day.ts';
import { trustGenerator } from '../load/trust-generator.ts';
import { mergeRows } from '../load/rows.ts';
import { BENCHLINE, depotsFor, largeFleet } from './large-fleet.ts';

/**
 * Loads at least so many finished stops of an organization of its own, day by day backwards from
 * yesterday. Memory holds one depot and day; each is committed by itself. Events of orders are left
 * out: they are five for each order, and nothing large reads them. Returns the number of stops.
 */
export async function loadLarge(
  client: ClientBase,
  { stops, now = Date.now(), progress }: { stops: number; now?: number; progress: Progress },
): Promise<number> {
  await refuseSecond(client);
  const organization = largeFleet(depotsFor(stops));
  await copyRows(client, fleetRows([organization]));
  const factors = await readEmissionFactors(client);
  let [written, rows, parts] = [0, 0, 0];
  for (let back = 1; written < stops; back += 1) {
    for (const depot of organization.depots) {
      if (written >= stops) break;
      const day = addDays(dayAt(now, depot.timeZone), -back);
      const finished = finishedDay(depot, day);
      const set = mergeRows([
        shiftRows(depot, day, { isOver: true }),
        finishedRows(finished, { events: 'none' }),
        factRows(finished, factors),
      ]);
      await client.query('begin');
      await trustGenerator(client);
      await openReportDay(client, { organizationId: organization.id, day });
      rows += await copyRows(client, set);
      await client.query('commit');
      await analyzeAsTheyDouble(client, (parts += 1));
      written += set['route.stops']?.length ?? 0;
      progress.report({ done: written, of: stops, rows, what: `${depot.code} ${day}` });
    }
  }
  await settle(client);
  return written;
}

async function refuseSecond(client: ClientBase): Promise<void> {
  const { rowCount } = await client.query('select from fleet.organizations where id = $1', [
    BENCHLINE,
  ]);
  if (rowCount !== 0) {
    throw new Error('This database has a large data set already: take a fresh one.');
  }
}
