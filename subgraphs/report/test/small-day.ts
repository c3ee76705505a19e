import { newId } from '@quantumroute/schema/ids';

import type { World } from './world.ts';
import { createWorld } from './world.ts';

/** One day of North that can be worked out on paper: two routes, four stops. */
export type SmallDay = { readonly world: World; readonly day: string };

const DAY = '2026-11-10';

export async function createSmallDay(): Promise<SmallDay> {
  return fillSmallDay(await createWorld());
}

/** Puts the day into a world that has no facts yet. */
export async function fillSmallDay(world: World): Promise<SmallDay> {
  await addHamburg(world);
  await addKiel(world);
  const { north: tenant, south } = world;
  for (const vehicle of tenant.vehicles) {
    const [start, end] = [`${DAY}T06:00:00Z`, `${DAY}T14:00:00Z`];
    await world.addShift({ tenant, vehicle, start, end });
  }
  await world.addStop({ tenant: south, day: DAY, orders: 50, cost: 1_000, co2e: 1_000 });
  await world.rollUp();
  return { world, day: DAY };
}

/** Three stops: one as promised, one late and slow, one in vain and out of turn. */
async function addHamburg({ north: tenant, addStop, addRoute }: World): Promise<void> {
  const route = newId();
  const stop = { tenant, day: DAY, route, direct: 10_000, service: 300 };
  const [partner, other] = tenant.partners;
  const window = ['09:00', '11:00'] as const;
  const asPromised = { orders: 2, dwell: 600, etaError: 60, cost: 40, co2e: 4000, load: 100 };
  await addStop({ ...stop, ...asPromised, partner, window });
  const slow = { dwell: 1500, etaError: 1200, cost: 60, co2e: 2000, load: 50, arrival: '11:30' };
  await addStop({ ...stop, ...slow, partner, window, onTime: false, planned: 2, actual: 3 });
  const inVain = {
    orders: 3,
    inFull: 0,
    dwell: 120,
    etaError: -300,
    cost: 20,
    co2e: 2000,
    load: 50,
  };
  const outcome = { outcome: 'FAILED', reason: 'NOBODY_HOME', onTime: null } as const;
  await addStop({ ...stop, ...inVain, ...outcome, partner: other, planned: 3, actual: 2 });
  await addRoute({
    tenant,
    day: DAY,
    route,
    hours: 5,
    plannedHours: 4,
    stops: 3,
    meters: 40_000,
    measured: 44_000,
    empty: 10_000,
    load: 200,
    service: 900,
    cost: 120,
    co2e: 8000,
    quality: 'MODELED',
  });
}

/** One stop of nobody's: early, but not gone before the window opened. */
async function addKiel({ north: tenant, addStop, addRoute }: World): Promise<void> {
  const [[, depot], [, vehicle], [, driver]] = [tenant.depots, tenant.vehicles, tenant.drivers];
  const who = { tenant, day: DAY, route: newId(), depot, vehicle, driver };
  const early = {
    window: ['09:00', '10:00'],
    arrival: '08:30',
    dwell: 2400,
    service: 1200,
  } as const;
  await addStop({ ...who, ...early, cost: 30, co2e: 500, load: 0 });
  await addRoute({
    ...who,
    hours: 2,
    stops: 1,
    meters: 10_000,
    empty: 2_000,
    load: 100,
    cost: 30,
    co2e: 500,
    carrier: 'ELECTRICITY',
  });
}

/** What variants planned; of the other experiment nothing may show. */
export async function addExperiment(
  { world: { sql, north }, day }: SmallDay,
  { experiment, isOther }: { experiment: string; isOther: boolean },
): Promise<void> {
  const [hamburg, kiel] = north.depots;
  const cost = isOther ? 1_000 : 0;
  await addOutcome({ depot: hamburg, variant: 'control', cost: cost + 20, assigned: 4, left: 4 });
  await addOutcome({ depot: kiel, variant: 'control', cost: cost + 60, assigned: 12, left: 0 });
  await addOutcome({
    depot: hamburg,
    variant: 'treatment',
    cost: cost + 40,
    assigned: 10,
    left: 0,
  });
  const half = { depot: kiel, variant: 'treatment', cost: 7, assigned: 1, left: 9, isWhole: false };
  await addOutcome(half);

  async function addOutcome(planned: {
    depot: string;
    variant: string;
    cost: number;
    assigned: number;
    left: number;
    isWhole?: boolean;
  }): Promise<void> {
    const { depot, variant, assigned, left, isWhole = true } = planned;
    // Plans and runs behind the rows are route's business.
    await sql.query('set session_replication_role = replica');
    await sql.query(
      `insert into route.experiment_outcomes (experiment_id, variant_key, depot_id, service_date,
         organization_id, unit, is_control, algorithm, is_driven, is_whole_day, plan_id, run_id,
         cost, currency, distance_meters, duration_seconds, driving_seconds, vehicle_count,
         assigned_count, unassigned_count, compute_seconds)
       values ($1, $2, $3, $4, $5, 'SHADOW', $2 = 'control', 'x', false, $6, $7, $7, $8, 'EUR', 1000,
         100, 50, 2, $9, $10, 5)`,
      [experiment, variant, depot, day, north.id, isWhole, newId(), planned.cost, assigned, left],
    );
    await sql.query('set session_replication_role = origin');
  }
}

/** Three orders of North, of two partners and of nobody, and one of South. */
export async function addOrders({ world: { sql, north, south }, day }: SmallDay): Promise<void> {
  const [first, second] = north.partners;
  const orders = [
    { tenant: north, reference: 'first', partner: first, status: 'ACCEPTED' },
    { tenant: north, reference: 'second', partner: second, status: 'CANCELED' },
    { tenant: north, reference: 'third', partner: null, status: 'ACCEPTED' },
    { tenant: south, reference: 'fourth', partner: south.partners[0], status: 'ACCEPTED' },
  ];
  for (const { tenant, reference, partner, status } of orders) {
    await sql.query(
      `insert into route.orders (id, organization_id, depot_id, partner_id, tracking_number,
         tracking_token, external_reference, kind, status, service_date, priority, parcels,
         load_weight_kg, load_volume_m3, load_parcels, country_code, latitude, longitude,
         service_seconds, finished_at)
       values ($1, $2, $3, $4, $8, $8, $5, 'DELIVERY', $6, $7, 50, '[{}]', 1, 1, 1, 'DE', 53, 10,
         120, case when $6 = 'CANCELED' then now() end)`,
      [newId(), tenant.id, tenant.depots[0], partner, reference, status, day, reference],
    );
  }
}
