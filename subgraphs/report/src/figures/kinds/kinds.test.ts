import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { newId } from '@quantumroute/schema/ids';

import type { Answer, Question } from '../../../test/ask-report.ts';
import { askTwice } from '../../../test/ask-report.ts';
import type { SmallDay } from '../../../test/small-day.ts';
import { addOrders, createSmallDay } from '../../../test/small-day.ts';

let small: SmallDay;

before(async () => {
  small = await createSmallDay();
});
after(() => small?.world.drop());

const ask = (question: Question) => askTwice(small.world, question);

const total = ({ totals }: Answer, key: string) => totals.find((kpi) => kpi.key === key)?.value;
const HOUR = 3600;

test('DAILY_OPERATIONS tells what each day was', async () => {
  const answer = await ask({ kind: 'DAILY_OPERATIONS' });
  assert.deepEqual(answer.rows, [
    {
      day: small.day,
      stops: 4,
      failedStops: 1,
      orders: 7,
      onTime: 2 / 3,
      inFull: 4 / 7,
      firstAttempt: 4 / 7,
      routes: 2,
      distance: 50_000,
      drivingTime: 2 * HOUR,
      cost: 150,
      costPerStop: 150 / 4,
      stopsPerHour: 4 / 7,
    },
  ]);
  assert.equal(total(answer, 'costPerKm'), 3);
});

test('ON_TIME_IN_FULL tells how promises to each partner were kept', async () => {
  const { rows } = await ask({ kind: 'ON_TIME_IN_FULL', parameters: { groupBy: 'PARTNER' } });
  assert.deepEqual(
    rows.map(({ partner, stops, onTime, inFull, otif }) => [partner, stops, onTime, inFull, otif]),
    [
      ['North partner 0', 2, 1 / 2, 1, 2 / 3],
      ['North partner 1', 1, null, 0, 0],
      [null, 1, 1, 1, 1],
    ],
  );
});

test('ON_TIME_IN_FULL lists stops, for partners without the names of drivers', async () => {
  const parameters = { groupBy: 'STOP' };
  const own = await ask({ kind: 'ON_TIME_IN_FULL', parameters });
  assert.deepEqual(
    own.rows.map(({ driver, depot, arrivedAt, onTime }) => [driver, depot, arrivedAt, onTime]),
    [
      ['Driver 0', 'Hamburg', `${small.day}T10:00:00Z`, 'yes'],
      ['Driver 0', 'Hamburg', `${small.day}T10:00:00Z`, null],
      ['Driver 0', 'Hamburg', `${small.day}T11:30:00Z`, 'no'],
      ['Driver 1', '=Kiel', `${small.day}T08:30:00Z`, 'yes'],
    ],
  );
  const partner = await ask({ kind: 'ON_TIME_IN_FULL', parameters, partner: 0 });
  assert.equal(partner.rows.length, 2);
  assert.equal('driver' in (partner.rows[0] ?? {}), false);
});

test('COST_TO_SERVE hands the cost of routes on to partners', async () => {
  const answer = await ask({ kind: 'COST_TO_SERVE' });
  const [first, second, none] = answer.rows;
  assert.deepEqual(first, {
    partner: 'North partner 0',
    stops: 2,
    orders: 3,
    allocatedCost: 100,
    allocatedCostPerStop: 50,
    allocatedCostPerOrder: 100 / 3,
    dwellMean: 1050,
    failedStops: 0,
  });
  assert.deepEqual([second?.['allocatedCost'], second?.['allocatedCostPerOrder']], [20, 20 / 3]);
  assert.deepEqual([none?.['partner'], none?.['allocatedCostPerStop']], [null, 30]);
  assert.deepEqual(
    [total(answer, 'allocatedCost'), total(answer, 'allocatedCostPerStop')],
    [150, 37.5],
  );
});

test('FLEET_UTILIZATION holds routes against shifts and loads against capacity', async () => {
  const { rows } = await ask({ kind: 'FLEET_UTILIZATION' });
  assert.deepEqual(
    rows.map((row) => [row['vehicle'], row['routes'], row['utilization'], row['loadUtilization']]),
    [
      ['Van 0', 1, 4 / 8, 0.2],
      ['Van 1', 1, 2 / 8, 0.1],
    ],
  );
});

test('DWELL_AND_DETENTION counts what went beyond service and a quarter of an hour', async () => {
  const answer = await ask({ kind: 'DWELL_AND_DETENTION', parameters: { groupBy: 'DEPOT' } });
  assert.deepEqual(
    answer.rows.map((row) => [
      row['depot'],
      row['dwellMean'],
      row['detainedStops'],
      row['detention'],
    ]),
    [
      ['=Kiel', 2400, 1, 300],
      ['Hamburg', 740, 1, 300],
    ],
  );
  assert.deepEqual(
    [
      'dwellMean',
      'plannedService',
      'dwellTime',
      'serviceDeviation',
      'detainedShare',
      'detention',
    ].map((key) => total(answer, key)),
    [1155, 2100, 4620, 1.2, 0.5, 600],
  );
});

describe('EXCEPTIONS', () => {
  const told = ({ rows }: Answer) =>
    rows.map((row) => [row['exceptions'], row['failureReason'], row['late'], row['detention']]);

  test('lists what went wrong, why and by how much', async () => {
    const answer = await ask({ kind: 'EXCEPTIONS' });
    assert.deepEqual(told(answer), [
      ['FAILED, OUT_OF_SEQUENCE', 'NOBODY_HOME', null, null],
      ['LATE, DETAINED, OUT_OF_SEQUENCE', null, 1800, 300],
      ['DETAINED', null, null, 300],
    ]);
    assert.deepEqual(
      ['failedStops', 'lateStops', 'detainedStops', 'outOfSequenceStops'].map((key) =>
        total(answer, key),
      ),
      [1, 1, 2, 2],
    );
  });

  test('lists only what was asked for', async () => {
    const late = await ask({ kind: 'EXCEPTIONS', parameters: { exceptions: ['LATE'] } });
    assert.deepEqual(told(late), [['LATE, DETAINED, OUT_OF_SEQUENCE', null, 1800, 300]]);
  });
});

test('EMISSIONS tells carrier, intensity and how well the numbers are founded', async () => {
  const answer = await ask({ kind: 'EMISSIONS' });
  assert.deepEqual(answer.rows, [
    {
      energyCarrier: 'DIESEL',
      stops: 3,
      co2e: 8000,
      transportActivity: 2,
      co2eIntensity: 4000,
      routes: 1,
      distance: 40_000,
      emptyDistance: 10_000,
      emptyShare: 0.25,
      measuredCo2e: 1,
      defaultCo2e: 0,
    },
    {
      energyCarrier: 'ELECTRICITY',
      stops: 1,
      co2e: 500,
      transportActivity: 0,
      co2eIntensity: null,
      routes: 1,
      distance: 10_000,
      emptyDistance: 2_000,
      emptyShare: 0.2,
      measuredCo2e: 0,
      defaultCo2e: 1,
    },
  ]);
  assert.equal(total(answer, 'co2eIntensity'), 4250);
  const partner = await ask({ kind: 'EMISSIONS', parameters: { groupBy: 'DAY' }, partner: 0 });
  assert.deepEqual(partner.rows, [
    { day: small.day, stops: 2, co2e: 6000, transportActivity: 1.5, co2eIntensity: 4000 },
  ]);
  assert.deepEqual(
    partner.charts.map(({ title }) => title),
    ['CO2e by day', 'CO2e intensity by day'],
  );
});

test('EMISSIONS has one row for all vehicles of unknown carrier', async () => {
  const { north: tenant, addStop, addRoute, rollUp, sql } = small.world;
  const [day, route] = ['2026-11-12', newId()];
  await addStop({ tenant, day, route, co2e: 300 });
  await addRoute({ tenant, day, route, meters: 7_000, co2e: 300 });
  await sql.query('update report.route_facts set energy_carrier = null where route_id = $1', [
    route,
  ]);
  await rollUp();
  const { rows } = await ask({ kind: 'EMISSIONS', days: { from: day, to: day } });
  assert.deepEqual(
    rows.map((row) => [row['energyCarrier'], row['co2e'], row['routes'], row['distance']]),
    [['UNKNOWN', 300, 1, 7_000]],
  );
});

test('PLAN_VS_ACTUAL compares distance, duration, service and sequence', async () => {
  const { rows } = await ask({ kind: 'PLAN_VS_ACTUAL' });
  assert.deepEqual(rows, [
    {
      day: small.day,
      routes: 2,
      distance: 50_000,
      measuredShare: 0.5,
      plannedDistance: 40_000,
      measuredDistance: 44_000,
      distanceDeviation: 0.1,
      timeOnRoute: 6 * HOUR,
      dutyTime: 7 * HOUR,
      durationDeviation: 1 / 6,
      plannedService: 2100,
      dwellTime: 4620,
      serviceDeviation: 1.2,
      outOfSequenceStops: 2,
      planAdherence: 0.5,
    },
  ]);
});

test('ETA_ACCURACY tells bias and size of the error', async () => {
  const answer = await ask({ kind: 'ETA_ACCURACY' });
  const [row] = answer.rows;
  assert.deepEqual(
    [row?.['etaStops'], row?.['etaBias'], row?.['etaErrorMean'], row?.['etaWithin15']],
    [3, 320, 520, 2 / 3],
  );
  assert.ok(Math.abs(Number(row?.['etaErrorP50']) - 300) < 16);
  assert.ok(Math.abs(Number(row?.['etaErrorP90']) - 1200) < 61);
});

test('ORDER_EXPORT has every order once, for partners their own', async () => {
  await addOrders(small);
  const { rows } = await ask({ kind: 'ORDER_EXPORT' });
  assert.deepEqual(
    rows.map((row) => [row['externalReference'], row['partner'], row['status']]),
    [
      ['first', 'North partner 0', 'ACCEPTED'],
      ['second', 'North partner 1', 'CANCELED'],
      ['third', null, 'ACCEPTED'],
    ],
  );
  const partner = await ask({ kind: 'ORDER_EXPORT', partner: 0 });
  assert.deepEqual(
    partner.rows.map((row) => row['externalReference']),
    ['first'],
  );
  const canceled = await ask({ kind: 'ORDER_EXPORT', parameters: { statuses: ['CANCELED'] } });
  assert.equal(canceled.rows.length, 1);
});
