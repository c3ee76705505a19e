import { setTimeout as sleep } from 'node:timers/promises';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { encodeId, newId } from '@quantumroute/schema/ids';
import pg from 'pg';
import { COMPANY, insertCompany } from '../budgets/fixture/company.ts';
import { insertDepot } from '../budgets/fixture/depot.ts';
import { insertRows } from '../budgets/fixture/insert-rows.ts';
import { measure } from '../budgets/measure.ts';
import { shifted } from '../data/geo.ts';
import { createRandom } from '../data/random.ts';
import type { Random } from '../data/random.ts';

export const ORDERS = 500;
const CREWS = 30;
const LATITUDE = 48;
const SPREAD_METERS = 12_000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const DAYS = 7;

/** One parcel, as every order here has. */
export const SHIPMENT = [{ reference: 'BOX', quantity: 1, weightKg: 8, volumeM3: 0.05 }];

export type PlannedDay = {
  depotId: string;
  date: string;
  planned: number;
  routes: number;
};

/** A depot whose next day has been optimized and published through the API; the days after it are open. */
export async function planDay(stack: TestStack): Promise<PlannedDay> {
  const depotUuid = await insertDepotWithShifts(stack.databaseUrl);
  const depotId = encodeId('depot', depotUuid);
  const date = dayFromNow(1);
  const ask = async (body: string, variables: object): Promise<Answer> => {
    const credential = stack.credentials['dispatcher'] ?? null;
    const call = { document: { body }, credential, variables: { ...variables } };
    return (await measure(stack.urls.gateway, call)).data;
  };
  await ask(CREATE, { input: { idempotencyKey: newId(), orders: newOrders(depotId, date) } });
  const optimize = { idempotencyKey: newId(), depotId, date, timeLimitSeconds: 5 };
  const { planOptimize } = await ask(OPTIMIZE, { input: optimize });
  const run = await endOf(planOptimize.run.id, ask);
  const { planPublish } = await ask(PUBLISH, {
    planId: run.plan.id,
    version: run.plan.version,
    runId: run.id,
  });
  const routes = planPublish.plan.routes.count.value;
  return { depotId, date, planned: run.progress.assigned, routes };
}

/** Somewhere around the depot. */
export function address(random: Random) {
  const meters = () => (random.next() - random.next()) * SPREAD_METERS;
  return {
    addressLines: ['A street'],
    countryCode: 'DE',
    point: shifted({ latitude: LATITUDE, longitude: 10 }, meters(), meters()),
  };
}

// JSON as it comes.
// oxlint-disable-next-line typescript/no-explicit-any
type Answer = Record<string, any>;
type Ask = (body: string, variables: object) => Promise<Answer>;

const CREATE = `mutation ($input: OrdersCreateInput!) {
  ordersCreate(input: $input) { orders { id } userErrors { message path } } }`;
const OPTIMIZE = `mutation ($input: PlanOptimizeInput!) {
  planOptimize(input: $input) { run { id } userErrors { message path } } }`;
const RUN = `query ($id: ID!) { optimizationRun(id: $id) {
  id status failure progress { assigned } plan { id version } } }`;
const PUBLISH = `mutation ($planId: ID!, $version: Int!, $runId: ID!) {
  planPublish(planId: $planId, expectedVersion: $version, runId: $runId) {
    plan { routes { count { value } } } userErrors { message path } } }`;

async function endOf(id: string, ask: Ask): Promise<Answer> {
  for (;;) {
    const { optimizationRun: run } = await ask(RUN, { id });
    if (run.status === 'SUCCEEDED') return run;
    if (run.failure !== null) throw new Error(run.failure);
    await sleep(200);
  }
}

/** Half of them with a window of three hours. */
function newOrders(depotId: string, date: string): object[] {
  const random = createRandom('orders');
  return Array.from({ length: ORDERS }, (_, index) => {
    const opensAtMs = Date.parse(date) + (8 + Math.floor(random.next() * 7)) * HOUR_MS;
    const window = { start: instant(opensAtMs), end: instant(opensAtMs + 3 * HOUR_MS) };
    return {
      depotId,
      serviceDate: date,
      place: address(random),
      parcels: SHIPMENT,
      windows: index % 2 === 0 ? [] : [window],
    };
  });
}

async function insertDepotWithShifts(databaseUrl: string): Promise<string> {
  const sql = new pg.Client({ connectionString: databaseUrl });
  await sql.connect();
  try {
    await insertCompany(sql);
    const depot = await insertDepot(sql, {
      code: 'SLOTS',
      latitude: LATITUDE,
      size: CREWS,
      knownDriverId: newId(),
    });
    // The fixture's own shifts move with the clock; these are of whole days.
    await sql.query('delete from fleet.shifts');
    const shifts = Array.from({ length: DAYS }, (_, day) => Date.parse(dayFromNow(day + 1)));
    await insertRows(
      sql,
      'fleet.shifts',
      shifts.flatMap((startMs) =>
        depot.crews.map(({ driverId, vehicleId }) => ({
          id: newId(),
          organization_id: COMPANY,
          driver_id: driverId,
          vehicle_id: vehicleId,
          planned_start: instant(startMs + 8 * HOUR_MS),
          planned_end: instant(startMs + 17 * HOUR_MS),
        })),
      ),
    );
    return depot.id;
  } finally {
    await sql.end();
  }
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}

function dayFromNow(days: number): string {
  return instant(Date.now() + days * DAY_MS).slice(0, 10);
}
