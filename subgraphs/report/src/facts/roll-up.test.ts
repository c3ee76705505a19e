import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { newId } from '@quantumroute/schema/ids';

import type { FactWorld } from '../../test/fact-world.ts';
import { createFactWorld } from '../../test/fact-world.ts';
import type { RouteEvent } from '../../test/route-events.ts';
import {
  emit,
  projectAll,
  rollUpAll,
  routeFinished,
  somewhere,
  stopFinished,
} from '../../test/route-events.ts';
import { findRestatedDays } from '../storage/restated-days.ts';
import type { Sql } from '../storage/sql.ts';
import { dataAsOf } from './data-as-of.ts';
import { projectBatch } from './projector.ts';

let world: FactWorld;

before(async () => {
  world = await createFactWorld();
});
after(() => world.drop());

async function happened(...events: readonly RouteEvent[]): Promise<number> {
  await emit(world.sql, ...events);
  await projectAll(world.postgres);
  return rollUpAll(world.postgres);
}

function depotDay(depotId: string, columns: string): Promise<Record<string, unknown>[]> {
  return world.rows(
    `select ${columns} from report.depot_days where depot_id = $1 order by service_date`,
    [depotId],
  );
}

describe('a day', () => {
  test('is summed by depot, by driver with vehicle, and by partner', async () => {
    const place = somewhere();
    const other = somewhere({
      organizationId: place.organizationId,
      depotId: place.depotId,
      partnerId: null,
    });
    const events = [
      stopFinished(place),
      stopFinished(place, { onTime: false, ordersOtif: 0, dwellSeconds: 1_500 }),
      stopFinished(other, { onTime: null }),
      routeFinished(place),
    ];
    await happened(...events);

    assert.deepEqual(
      await depotDay(
        place.depotId,
        'stops, promised_stops, on_time_stops, routes, cost, detained_stops, detention_seconds',
      ),
      [
        {
          stops: 3,
          promised_stops: 2,
          on_time_stops: 1,
          routes: 1,
          cost: '300.00',
          detained_stops: 1,
          detention_seconds: '300',
        },
      ],
    );
    assert.deepEqual(
      await world.rows(
        'select stops, routes from report.driver_days where depot_id = $1 order by stops desc',
        [place.depotId],
      ),
      [
        { stops: 2, routes: 1 },
        { stops: 1, routes: 0 },
      ],
    );
    assert.deepEqual(
      await world.rows(
        'select partner_id, stops from report.partner_days where organization_id = $1',
        [place.organizationId],
      ),
      [{ partner_id: place.partnerId, stops: 2 }],
    );
  });

  test('is summed again, and alone, when something is told of it later', async () => {
    const place = somewhere();
    const nextDay = { ...place, routeId: newId(), serviceDate: '2026-03-03' };
    await happened(stopFinished(place), stopFinished(nextDay));
    const touched = () =>
      world.rows<{ service_date: string; revision: number }>(
        `select service_date::text, revision from report.day_states
         where organization_id = $1 order by service_date`,
        [place.organizationId],
      );
    assert.equal(await happened(stopFinished(place)), 1);
    assert.deepEqual(await touched(), [
      { service_date: '2026-03-02', revision: 2 },
      { service_date: '2026-03-03', revision: 1 },
    ]);
    assert.deepEqual(await depotDay(place.depotId, 'stops'), [{ stops: 2 }, { stops: 1 }]);
  });

  test('loses a depot that a correction takes its last stop from', async () => {
    const place = somewhere();
    const stop = stopFinished(place);
    await happened(stop);
    const moved = { ...place, depotId: newId() };
    await happened(stopFinished(moved, { stopId: stop.subjectId }));
    assert.deepEqual(await depotDay(place.depotId, 'stops'), []);
    assert.deepEqual(await depotDay(moved.depotId, 'stops'), [{ stops: 1 }]);
  });

  test('is restated when something was recorded a day after its end, where the organization is', async () => {
    const place = somewhere();
    await world.sql.query(
      `insert into fleet.organizations (id, name, time_zone, currency)
       values ($1, 'East', 'Asia/Tokyo', 'JPY')`,
      [place.organizationId],
    );
    const state = () =>
      world.rows<{ is_restated: boolean }>(
        'select is_restated from report.day_states where organization_id = $1',
        [place.organizationId],
      );
    await happened(stopFinished(place, { recordedAt: '2026-03-03T14:59:00Z' }));
    assert.deepEqual(await state(), [{ is_restated: false }]);
    await happened(stopFinished(place, { recordedAt: '2026-03-03T15:01:00Z' }));
    assert.deepEqual(await state(), [{ is_restated: true }]);
  });

  test('is restated for numbers that were made before the change could be seen, and for no later ones', async () => {
    const place = somewhere();
    const restatedSince = (since: Date) =>
      findRestatedDays(query, [
        { organizationId: place.organizationId, from: '2026-03-01', to: '2026-03-31', since },
      ]);
    await happened(stopFinished(place));
    const correcting = await world.connect();
    await correcting.query('begin');
    await emit(correcting, stopFinished(place));
    await sleep(5);
    await projectBatch(world.postgres.fork());
    const without = await dataAsOf(query, place.organizationId);
    await correcting.query('commit');
    assert.equal(await happened(), 1);
    const withIt = await dataAsOf(query, place.organizationId);
    assert.deepEqual(await restatedSince(without), [['2026-03-02']]);
    assert.deepEqual(await restatedSince(withIt), [[]]);

    await markDirty(place);
    await rollUpAll(world.postgres);
    assert.deepEqual(await restatedSince(withIt), [[]], 'nothing has changed');
  });
});

const query = ({ text, values }: Sql) =>
  world.postgres.fork().execute<Record<string, unknown>[]>(text, [...values]);

type Place = ReturnType<typeof somewhere>;

async function markDirty({ organizationId, serviceDate }: Place): Promise<void> {
  await world.sql.query('insert into report.dirty_days values ($1, $2, now())', [
    organizationId,
    serviceDate,
  ]);
}
