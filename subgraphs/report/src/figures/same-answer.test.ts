import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import fc from 'fast-check';

import { newId } from '@quantumroute/schema/ids';

import type { FactWorld } from '../../test/fact-world.ts';
import { createFactWorld } from '../../test/fact-world.ts';
import { rollUpAll } from '../../test/route-events.ts';
import { numbered } from '../storage/sql.ts';
import { figureKeys } from './catalogue.ts';
import type { DimensionKey } from './dimension.ts';
import type { Query } from './measure.ts';
import { measure } from './measure.ts';
import type { Scope } from './scope.ts';
import { scorecard } from './scorecard.ts';
import type { Reading } from './source.ts';
import { tabulate } from './tabulate.ts';

let world: FactWorld;

before(async () => {
  world = await createFactWorld();
});
after(() => world?.drop());

const DAYS = ['2026-03-30', '2026-03-31', '2026-04-01'] as const;
const two = () => [newId(), newId()] as const;

/** Who and what there is: little of each, so that groups have several facts. */
const people = () => ({ depots: two(), vehicles: two(), drivers: two(), partners: two() });
type People = ReturnType<typeof people>;

const pick = fc.integer({ min: 0, max: 1 });
const place = { day: fc.integer({ min: 0, max: 2 }), depot: pick, vehicle: pick, driver: pick };
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const stop = fc.record({
  ...place,
  partner: maybe(pick),
  failed: fc.boolean(),
  onTime: maybe(fc.boolean()),
  arrivalMinute: maybe(fc.integer({ min: 0, max: 600 })),
  windowMinute: maybe(fc.integer({ min: 0, max: 600 })),
  dwell: maybe(fc.integer({ min: 0, max: 9_000 })),
  etaError: maybe(fc.integer({ min: -4_000, max: 4_000 })),
  orders: fc.integer({ min: 0, max: 4 }),
  place: fc.integer({ min: 1, max: 3 }),
  load: fc.integer({ min: 0, max: 300 }),
  cost: maybe(fc.integer({ min: 0, max: 90 })),
});

const route = fc.record({
  ...place,
  hours: fc.integer({ min: 1, max: 9 }),
  meters: fc.integer({ min: 0, max: 90_000 }),
  measured: maybe(fc.integer({ min: 0, max: 90_000 })),
  driving: fc.integer({ min: 0, max: 9_000 }),
  stops: fc.integer({ min: 1, max: 9 }),
  co2e: maybe(fc.integer({ min: 0, max: 9_000 })),
  quality: fc.constantFrom('MODELED', 'DEFAULT'),
});

const question = fc.record({
  narrow: fc.constantFrom('organization', 'depot', 'vehicle', 'driver', 'partner'),
  dimensions: fc.uniqueArray(
    fc.constantFrom<DimensionKey>('day', 'depot', 'vehicle', 'driver', 'partner'),
    { minLength: 1, maxLength: 3 },
  ),
  from: fc.integer({ min: 0, max: 2 }),
  to: fc.integer({ min: 0, max: 2 }),
});

test('the same question gets the same numbers from roll-ups and from facts', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(stop, { maxLength: 25 }),
      fc.array(route, { maxLength: 10 }),
      fc.array(question, { minLength: 4, maxLength: 4 }),
      async (stops, routes, questions) => {
        const who = people();
        const organizationId = newId();
        await write(
          'stop_facts',
          stops.map((fact) => stopRow(fact, who, organizationId)),
        );
        await write(
          'route_facts',
          routes.map((fact) => routeRow(fact, who, organizationId)),
        );
        await rollUpAll(world.postgres);
        for (const asked of questions) {
          const [summed, single] = await Promise.all(
            (['roll-ups', 'facts'] satisfies Reading[]).map((reading) =>
              answer({ asked, who, organizationId, reading }),
            ),
          );
          assert.deepEqual(summed, single);
        }
      },
    ),
    { numRuns: 15 },
  );
});

const query: Query = (statement) => world.rows(numbered(statement), statement.values);

/** Totals, a table and the scorecard; in twelve digits, since sums of floats depend on their order. */
async function answer({
  asked,
  who,
  organizationId,
  reading,
}: {
  asked: Drawn<typeof question>;
  who: People;
  organizationId: string;
  reading: Reading;
}): Promise<unknown> {
  const scope = scopeOf(asked.narrow, who, organizationId);
  const period = {
    from: DAYS[Math.min(asked.from, asked.to)] ?? DAYS[0],
    to: DAYS[Math.max(asked.from, asked.to)] ?? DAYS[0],
  };
  const previous = { from: '2026-03-30', to: '2026-03-30' };
  const totals = await measure(query, {
    scope,
    present: period,
    previous,
    figures: figureKeys,
    reading,
  });
  const { dimensions } = asked;
  const rest = { minimumStops: 0, limit: 1_000, reading };
  const table = tabulate({ scope, period, dimensions, figures: figureKeys, ...rest });
  const rows = table.columns.length > dimensions.length ? await query(table.statement) : [];
  const cards = await query(scorecard({ scope, period, reading, minimumStops: 3 }));
  return rounded({ totals, rows, cards: cards.toSorted(byDriver) });
}

function scopeOf(by: string, who: People, organizationId: string): Scope {
  const narrow = {
    organization: { by: 'organization' },
    depot: { by: 'depot', id: who.depots[0] },
    vehicle: { by: 'vehicle', id: who.vehicles[0] },
    driver: { by: 'driver', id: who.drivers[0] },
    partner: { by: 'partner', id: who.partners[0] },
  }[by] as Scope['narrow'];
  return { organizationId, narrow };
}

const byDriver = (a: Record<string, unknown>, b: Record<string, unknown>) =>
  String(a['driver_id']) < String(b['driver_id']) ? -1 : 1;

function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, part: unknown) =>
      typeof part === 'number' ? Number(part.toPrecision(12)) : part,
    ),
  );
}

async function write(table: string, rows: readonly Record<string, unknown>[]): Promise<void> {
  for (const day of DAYS) await world.sql.query('select report.open_fact_month($1)', [day]);
  await world.sql.query(
    `insert into report.${table} select * from jsonb_populate_recordset(null::report.${table}, $1)`,
    [JSON.stringify(rows)],
  );
  await world.sql.query(
    `insert into report.dirty_days (organization_id, service_date, since)
     select distinct (row ->> 'organization_id')::uuid, (row ->> 'service_date')::date, now()
     from jsonb_array_elements($1) row on conflict do nothing`,
    [JSON.stringify(rows)],
  );
}

type Drawn<A> = A extends fc.Arbitrary<infer T> ? T : never;

function common(
  fact: { day: number; depot: number; vehicle: number; driver: number },
  who: People,
  organizationId: string,
) {
  return {
    organization_id: organizationId,
    depot_id: who.depots[fact.depot],
    vehicle_id: who.vehicles[fact.vehicle],
    driver_id: who.drivers[fact.driver],
    route_id: newId(),
    service_date: DAYS[fact.day],
    recorded_at: '2026-04-01T20:00:00Z',
    event_position: 0,
    revision: 1,
  };
}

function stopRow(fact: Drawn<typeof stop>, who: People, organizationId: string) {
  const at = (minute: number | null) =>
    minute === null ? null : new Date(Date.parse('2026-03-31') + minute * 60_000).toISOString();
  return {
    ...common(fact, who, organizationId),
    stop_id: newId(),
    partner_id: fact.partner === null ? null : who.partners[fact.partner],
    kind: 'DROPOFF',
    outcome: fact.failed ? 'FAILED' : 'COMPLETED',
    window_start: at(fact.windowMinute),
    window_end: at(fact.windowMinute === null ? null : fact.windowMinute + 60),
    planned_arrival: at(0),
    arrived_at: at(fact.arrivalMinute),
    on_time: fact.windowMinute === null ? null : fact.onTime,
    order_count: fact.orders,
    orders_in_full: fact.failed ? 0 : fact.orders,
    orders_otif: fact.onTime === true ? fact.orders : 0,
    orders_first_attempt: Math.min(fact.orders, 1),
    dwell_seconds: fact.dwell,
    planned_sequence: 1,
    actual_sequence: fact.place,
    service_seconds: fact.load * 3,
    leg_distance_meters: fact.load * 10,
    leg_duration_seconds: fact.load,
    direct_distance_meters: fact.load * 7,
    load_weight_kg: fact.load / 3,
    eta_error_seconds: fact.etaError,
    allocated_cost: fact.cost,
    allocated_co2e_grams: fact.cost === null ? null : fact.cost / 7,
  };
}

function routeRow(fact: Drawn<typeof route>, who: People, organizationId: string) {
  const end = new Date(Date.parse('2026-03-31') + fact.hours * 3_600_000).toISOString();
  return {
    ...common(fact, who, organizationId),
    planned_start: '2026-03-31T00:00:00Z',
    planned_end: end,
    started_at: '2026-03-31T00:00:00Z',
    ended_at: end,
    distance_meters: fact.meters,
    driving_seconds: fact.driving,
    service_seconds: fact.driving >> 1,
    waiting_seconds: 0,
    empty_distance_meters: fact.meters >> 2,
    stop_count: fact.stops,
    load_weight_kg: fact.stops * 10.1,
    capacity_weight_kg: 1_000,
    load_weight_meters: fact.meters * fact.stops * 5.5,
    cost: fact.driving / 100,
    currency: 'EUR',
    actual_distance_meters: fact.measured,
    energy_carrier: 'DIESEL',
    co2e_grams: fact.co2e,
    emission_data_quality: fact.quality,
  };
}
