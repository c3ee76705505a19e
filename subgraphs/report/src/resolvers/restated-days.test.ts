import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { newRequestScope, runInRequest } from '@quantumroute/ops/request';
import { encodeId } from '@quantumroute/schema/ids';

import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { requestReport } from '../../test/requests.ts';
import { dispatcherOf, partnerOf } from '../../test/world.ts';

let service: ReportService;
const ids: string[] = [];
let stopId: string;

/** Two finished reports, a stop of each partner, and a day that was summed anew after the first report. */
before(async () => {
  service = await startReportService();
  const { sql, north, south, addStop, rollUp } = service.world;
  const [first, second] = north.partners;
  stopId = await addStop({ tenant: north, day: '2026-11-02', partner: first, onTime: false });
  await addStop({ tenant: north, day: '2026-11-03', partner: second, onTime: false });
  await rollUp();
  for (const [identity, dataAsOf] of [
    [dispatcherOf(north), '2026-11-04T00:00:00Z'],
    [partnerOf(north, 0), '2026-11-06T00:00:00Z'],
  ] as const) {
    const { id, reportId } = await requestReport(service, identity);
    ids.push(id);
    await sql.query(
      `update report.reports set status = 'SUCCEEDED', phase = 'DONE', finished_at = now(),
         data_as_of = $2, totals = $3 where id = $1`,
      [reportId, dataAsOf, JSON.stringify([ON_TIME])],
    );
  }
  await sql.query(
    `update report.day_states set restated_at = '2026-11-05T00:00:00Z'
     where organization_id = $1 and service_date = '2026-11-02'`,
    [north.id],
  );
  await sql.query(
    `insert into report.day_states (organization_id, service_date, computed_at, restated_at)
     values ($1, '2026-11-03', now(), now())`,
    [south.id],
  );
});
after(() => service?.close());

const ON_TIME = {
  key: 'onTime',
  value: 0,
  unit: 'RATIO',
  numerator: 0,
  denominator: 2,
  previous: null,
  definition: 'as it was when the report was made',
};

type Listed = {
  restatedDays: string[];
  totals: { definition: string; evidence: { nodes: { id: string }[] } | null }[];
};

async function reportOf(id: string | undefined, identity = dispatcherOf(service.world.north)) {
  const { report } = await service.data<{ report: Listed }>({
    query: `query ($id: ID!) { report(id: $id) {
      restatedDays totals { definition evidence { nodes { id } } } } }`,
    identity,
    variables: { id },
  });
  return report;
}

test('a report names the days that changed after its numbers were taken', async () => {
  assert.deepEqual((await reportOf(ids[0])).restatedDays, ['2026-11-02']);
  assert.deepEqual((await reportOf(ids[1])).restatedDays, []);
});

test('dashboards name the days of their period that were restated', async () => {
  const restated = async (from: string, to: string) => {
    const { kpis } = await service.data<{ kpis: { restatedDays: string[] } }>({
      query: `{ kpis(scope: { organization: true }, period: { from: "${from}", to: "${to}" }) { restatedDays } }`,
      identity: dispatcherOf(service.world.north),
    });
    return kpis.restatedDays;
  };
  assert.deepEqual(await restated('2026-11-01', '2026-11-30'), ['2026-11-02']);
  assert.deepEqual(await restated('2026-11-03', '2026-11-30'), []);
});

test('stored totals lead to the stops of the report, and for a partner to the own ones', async () => {
  const [total] = (await reportOf(ids[0])).totals;
  assert.equal(total?.definition, ON_TIME.definition);
  assert.equal(total?.evidence?.nodes.length, 2);
  const [own] = (await reportOf(ids[1], partnerOf(service.world.north, 0))).totals;
  assert.deepEqual(own?.evidence?.nodes, [{ id: encodeId('stop', stopId) }]);
});

test('restated days of a list of reports cost one statement', async () => {
  const statements = async (first: number) => {
    const scope = newRequestScope({ requestId: 'test' });
    await runInRequest(scope, () =>
      service.data({
        query: `{ reports(first: ${first}) { nodes { restatedDays totals { evidence { nodes { id } } } } } }`,
        identity: dispatcherOf(service.world.north),
      }),
    );
    return scope.sql.statements;
  };
  assert.equal(await statements(1), await statements(2));
});
