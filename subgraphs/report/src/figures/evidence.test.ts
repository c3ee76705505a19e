import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import type { Identity } from '@quantumroute/ops/identity';
import { newRequestScope, runInRequest } from '@quantumroute/ops/request';
import { encodeCursor } from '@quantumroute/schema/cursor';
import { encodeId } from '@quantumroute/schema/ids';

import { queryOf } from '../../test/ask-report.ts';
import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { dispatcherOf, partnerOf } from '../../test/world.ts';
import { readEvidence } from './evidence.ts';

let service: ReportService;
const ids: Record<string, string> = {};
const day = '2026-11-10';

/** Stops of two partners within the promised window, outside it and nobody knows; one a week later. */
before(async () => {
  service = await startReportService();
  const { north, south, addStop, rollUp } = service.world;
  const [first, second] = north.partners;
  const window = ['09:00', '10:00'] as const;
  const late = { tenant: north, day, window, onTime: false };
  const add = async (name: string, stop: Parameters<typeof addStop>[0]) => {
    ids[name] = encodeId('stop', await addStop(stop));
  };
  await add('onTime', { tenant: north, day, window, partner: first, arrival: '09:30', dwell: 900 });
  await add('late', { ...late, partner: first, arrival: '10:10', dwell: 60, co2e: 10 });
  await add('later', { ...late, partner: second, arrival: '11:00', dwell: 300, co2e: 30 });
  await add('gone', { ...late, partner: second, arrival: '08:10', dwell: 90 });
  await add('never', { ...late, partner: first, arrival: null, dwell: null });
  await add('next week', { ...late, day: '2026-11-17', arrival: '13:00' });
  await add('elsewhere', { ...late, tenant: south, arrival: '15:00' });
  await rollUp();
});
after(() => service?.close());

type Evidence = {
  nodes: { id: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
} | null;

async function evidence(
  tile: string,
  {
    args = '',
    identity = dispatcherOf(service.world.north),
    scope = { organization: true },
  }: Asked = {},
): Promise<Evidence> {
  const { kpis } = await service.data<{ kpis: Record<string, { evidence: Evidence }> }>({
    query: `query ($scope: KpiScopeInput!) {
      kpis(scope: $scope, period: { from: "${day}", to: "${day}" }) {
        ${tile} { evidence${args} { nodes { id } pageInfo { hasNextPage endCursor } } } } }`,
    identity,
    variables: { scope },
  });
  return kpis[tile]?.evidence ?? null;
}

type Asked = { args?: string; identity?: Identity; scope?: Record<string, unknown> };

function names(found: Evidence): (string | undefined)[] | null {
  return found?.nodes.map(({ id }) => Object.keys(ids).find((name) => ids[name] === id)) ?? null;
}

describe('the stops behind a number', () => {
  test('come worst first, those that nobody can size last', async () => {
    assert.deepEqual(names(await evidence('onTime')), ['later', 'gone', 'late', 'never']);
    assert.deepEqual(names(await evidence('co2e')), ['later', 'late']);
    assert.deepEqual(names(await evidence('dwellP90')), ['onTime', 'later', 'gone', 'late']);
  });

  test('come page by page, without a stop twice', async () => {
    const first = await evidence('onTime', { args: '(first: 2)' });
    assert.deepEqual([names(first), first?.pageInfo.hasNextPage], [['later', 'gone'], true]);
    const args = `(first: 2, after: "${first?.pageInfo.endCursor}")`;
    const rest = await evidence('onTime', { args });
    assert.deepEqual([names(rest), rest?.pageInfo.hasNextPage], [['late', 'never'], false]);
  });

  test('are all that count, whatever is known about them', async () => {
    const { north } = service.world;
    const [stops = []] = await readEvidence(queryOf(service.world), [
      {
        figure: 'stops',
        scope: { organizationId: north.id, narrow: { by: 'organization' } },
        period: { from: day, to: day },
        limit: 10,
        after: null,
      },
    ]);
    const nodes = stops.map(({ stopId }) => ({ id: encodeId('stop', stopId) }));
    const pageInfo = { hasNextPage: false, endCursor: null };
    assert.deepEqual(names({ nodes, pageInfo }), ['later', 'late', 'onTime', 'gone', 'never']);
  });

  test('are null where no stop is behind it', async () => {
    assert.equal(await evidence('utilization'), null);
    assert.equal(await evidence('emptyDistance'), null);
  });

  test('are those of the scope only, and of a partner the own ones', async () => {
    const { north, south } = service.world;
    const scope = { partnerId: encodeId('partner', north.partners[1]) };
    assert.deepEqual(names(await evidence('onTime', { scope })), ['later', 'gone']);
    const identity = partnerOf(north, 0);
    assert.deepEqual(names(await evidence('onTime', { identity })), ['late', 'never']);
    const stranger = await evidence('onTime', { identity: dispatcherOf(south) });
    assert.deepEqual(names(stranger), ['elsewhere']);
  });

  test('of many numbers cost one statement more', async () => {
    const statements = async (tiles: readonly string[]) => {
      const scope = newRequestScope({ requestId: 'test' });
      await runInRequest(scope, () =>
        service.data({
          query: `{ kpis(scope: { organization: true }, period: { from: "${day}", to: "${day}" }) {
            ${tiles.map((tile) => `${tile} { evidence { nodes { id } } }`).join(' ')} } }`,
          identity: dispatcherOf(service.world.north),
        }),
      );
      return scope.sql.statements;
    };
    assert.equal(
      await statements(['onTime']),
      await statements(['onTime', 'inFull', 'otif', 'dwellP90', 'co2e']),
    );
  });

  test('are not paged by a cursor of another number, or one that nobody gave out', async () => {
    const page = await evidence('dwellP90', { args: '(first: 1)' });
    for (const cursor of [
      page?.pageInfo.endCursor ?? '',
      'nonsense',
      encodeCursor(['onTime', 'x', 'y']),
      encodeCursor(['onTime', 1, 'no uuid']),
    ]) {
      await assert.rejects(evidence('onTime', { args: `(after: "${cursor}")` }), /BAD_USER_INPUT/);
    }
  });
});
