import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import fc from 'fast-check';

import { newId } from '@quantumroute/schema/ids';

import type { FactWorld } from '../../test/fact-world.ts';
import { createFactWorld } from '../../test/fact-world.ts';
import type { RouteEvent } from '../../test/route-events.ts';
import {
  emit,
  projectAll,
  rollUpAll,
  routeFinished,
  stopFinished,
} from '../../test/route-events.ts';
import type { Measure, MeasureName } from '../figures/measures.ts';
import { measureNames, measures, summed } from '../figures/measures.ts';

let world: FactWorld;

before(async () => {
  world = await createFactWorld();
});
after(() => world.drop());

describe('the sums of random events', () => {
  test('are those of the facts, whatever comes twice, late or corrected', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryStep, { minLength: 1, maxLength: 40 }), async (steps) => {
        const organizationId = newId();
        const days = new Set<string>();
        for (const step of steps) {
          const event = eventOf(step, organizationId);
          days.add(String(event.body['serviceDate']));
          await emit(world.sql, event);
          if (step.pause === 'project') await projectAll(world.postgres);
          if (step.pause === 'roll up') await rollUpAll(world.postgres);
        }
        await projectAll(world.postgres);
        await rollUpAll(world.postgres);
        await compare(organizationId);
        assert.deepEqual(await modelSums(organizationId), sumsOf(steps));
      }),
      { numRuns: 25 },
    );
  });
});

const arbitraryStep = fc.record({
  type: fc.constantFrom('stop', 'stop', 'stop', 'route'),
  subject: fc.integer({ min: 0, max: 7 }),
  orders: fc.integer({ min: 0, max: 9 }),
  dwell: fc.option(fc.integer({ min: 0, max: 20_000 })),
  etaError: fc.option(fc.integer({ min: -9_000, max: 9_000 })),
  onTime: fc.option(fc.boolean()),
  load: fc.integer({ min: 0, max: 500 }),
  leg: fc.integer({ min: 0, max: 3_000 }),
  cost: fc.integer({ min: 0, max: 100_000 }),
  pause: fc.constantFrom('none', 'none', 'project', 'roll up'),
});
type Step = typeof arbitraryStep extends fc.Arbitrary<infer T> ? T : never;

/** Subjects 0–7: the day, depot, route and partner follow from the number, and never change. */
function eventOf(step: Step, organizationId: string): RouteEvent {
  const id = (kind: number, n: number) =>
    `${organizationId.slice(0, 24)}${String(kind).padStart(4, '0')}${String(n).padStart(8, '0')}`;
  const place = {
    organizationId,
    depotId: id(1, step.subject % 3),
    partnerId: step.subject % 4 === 0 ? null : id(2, step.subject % 2),
    vehicleId: id(3, step.subject % 3),
    driverId: id(4, step.subject % 3),
    routeId: id(5, step.subject % 4),
    serviceDate: step.subject % 4 < 2 ? '2026-03-31' : '2026-04-01',
  };
  const { orders, leg, cost, load, dwell, onTime, etaError } = step;
  if (step.type === 'route') return routeFinished(place, { cost: cost / 100, distanceMeters: leg });
  return stopFinished(place, {
    stopId: id(6, step.subject),
    orderCount: orders,
    legDurationSeconds: leg,
    dwellSeconds: dwell,
    etaErrorSeconds: etaError,
    loadWeightKg: load,
    onTime,
  });
}

/** The last event of each subject counts. */
function sumsOf(steps: readonly Step[]) {
  const last = (type: string, key: (step: Step) => number) => [
    ...new Map(
      steps.filter((step) => step.type === type).map((step) => [key(step), step]),
    ).values(),
  ];
  const stops = last('stop', ({ subject }) => subject);
  const routes = last('route', ({ subject }) => subject % 4);
  const sum = (numbers: (number | null)[]) =>
    numbers.reduce<number>((all, one) => all + (one ?? 0), 0);
  return {
    stops: stops.length,
    orders: sum(stops.map(({ orders }) => orders)),
    on_time_stops: stops.filter(({ onTime }) => onTime === true).length,
    dwell_seconds: sum(stops.map(({ dwell }) => dwell)),
    eta_error_seconds: sum(stops.map(({ etaError }) => Math.abs(etaError ?? 0))),
    routes: routes.length,
    cost_cents: sum(routes.map(({ cost }) => cost)),
  };
}

async function modelSums(organizationId: string): Promise<unknown> {
  const [row] = await world.rows(
    `select sum(stops)::int as stops, sum(orders)::int as orders,
       sum(on_time_stops)::int as on_time_stops, sum(dwell_seconds)::int as dwell_seconds,
       sum(eta_error_seconds)::int as eta_error_seconds, sum(routes)::int as routes,
       (sum(cost) * 100)::int as cost_cents
     from report.driver_days where organization_id = $1`,
    [organizationId],
  );
  return row;
}

/** Every measure, from each roll-up that has it, against the facts themselves. */
async function compare(organizationId: string): Promise<void> {
  for (const [table, has] of [
    ['depot_days', () => true],
    ['driver_days', () => true],
    ['partner_days', ({ facts }: Measure) => facts === 'stops'],
  ] as const) {
    const names = measureNames.filter((name) => has(measures[name]));
    const columns = names.map((name) => withBounds(name, summed(name))).join(', ');
    const [sums = {}] = await world.rows<Record<string, unknown>>(
      `select ${columns} from report.${table} d where organization_id = $1`,
      [organizationId],
    );
    const facts = await factSums(organizationId, { isOfPartners: table === 'partner_days' });
    for (const name of names) assertSame(sums[name], facts[name], `${name} of ${table}`);
  }
}

async function factSums(
  organizationId: string,
  { isOfPartners }: { isOfPartners: boolean },
): Promise<Record<string, unknown>> {
  const columns = (facts: Measure['facts']) =>
    measureNames
      .filter((name) => measures[name].facts === facts)
      .map((name) => withBounds(name, measures[name].sql))
      .join(', ');
  const [row = {}] = await world.rows<Record<string, unknown>>(
    `select * from
       (select ${columns('stops')} from report.stop_facts f where organization_id = $1
         ${isOfPartners ? 'and partner_id is not null' : ''}) stops,
       (select ${columns('routes')} from report.route_facts r where organization_id = $1) routes`,
    [organizationId],
  );
  return row;
}

/** A histogram as text: read as an array it would have no bounds. */
function withBounds(name: MeasureName, value: string): string {
  const { histogram }: Measure = measures[name];
  return `(${value})${histogram === true ? '::text' : ''} as ${name}`;
}

function assertSame(actual: unknown, expected: unknown, what: string): void {
  if (what.includes('histogram')) return assert.equal(actual, expected, what);
  const [a, b] = [Number(actual ?? 0), Number(expected ?? 0)];
  assert.ok(Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b)), `${what}: ${a} instead of ${b}`);
}
