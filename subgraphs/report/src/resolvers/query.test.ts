import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { Identity } from '@quantumroute/ops/identity';
import { newRequestScope, runInRequest } from '@quantumroute/ops/request';
import { encodeCursor } from '@quantumroute/schema/cursor';
import { decodeId, newId } from '@quantumroute/schema/ids';

import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import { claimReport, requestReport } from '../../test/requests.ts';
import { dispatcherOf, partnerOf } from '../../test/world.ts';
import { appendRows, finishReport } from '../storage/result-store.ts';

let service: ReportService;
const ids: Record<string, string> = {};

before(async () => {
  service = await startReportService();
  const { north, south } = service.world;
  const requesters = {
    dispatcher: dispatcherOf(north),
    first: partnerOf(north, 0),
    second: partnerOf(north, 1),
    stranger: dispatcherOf(south),
  };
  for (const [name, identity] of Object.entries(requesters)) {
    const { id, reportId } = await requestReport(service, identity);
    ids[name] = id;
    await finish(reportId);
  }
});

after(() => service?.close());

/** Five rows, as a worker would leave them. */
async function finish(reportId: string): Promise<void> {
  const em = service.postgres.fork();
  const claimed = await claimReport(service, reportId);
  const fence = { reportId, attempt: claimed?.report.attempt ?? 0 };
  const rows = [1, 2, 3, 4, 5].map((stops) => ({ day: '2026-11-01', stops }));
  await appendRows(em, fence, { rows, ordinal: 0 });
  await finishReport(em, fence, {
    dataAsOf: new Date(),
    columns: [{ key: 'day', title: 'Day', unit: null }],
    totals: [],
    charts: [],
    artifacts: [],
    rowsRead: 5,
    storedRows: 5,
    retentionDays: 1,
  });
}

async function visible(identity: Identity): Promise<string[]> {
  const { reports } = await service.data<{ reports: { nodes: { id: string }[] } }>({
    query: '{ reports { nodes { id } } }',
    identity,
  });
  const listed = reports.nodes.map(({ id }) => id);
  const single: string[] = [];
  for (const id of Object.values(ids)) {
    const { report, _entities } = await service.data<{
      report: { id: string } | null;
      _entities: ({ id: string } | null)[];
    }>({
      query: `query ($id: ID!, $any: [_Any!]!) {
        report(id: $id) { id } _entities(representations: $any) { ... on Report { id } } }`,
      identity,
      variables: { id, any: [{ __typename: 'Report', id }] },
    });
    assert.equal(report?.id, _entities[0]?.id);
    if (report !== null) single.push(report.id);
  }
  assert.deepEqual(single.toSorted(), listed.toSorted());
  return Object.keys(ids).filter((name) => listed.includes(ids[name] ?? ''));
}

test('everybody sees the own reports, however they are asked for, and no others', async () => {
  const { north, south } = service.world;
  assert.deepEqual(await visible(dispatcherOf(north)), ['dispatcher', 'first', 'second']);
  assert.deepEqual(await visible(partnerOf(north, 0)), ['first']);
  assert.deepEqual(await visible(partnerOf(north, 1)), ['second']);
  assert.deepEqual(await visible(dispatcherOf(south)), ['stranger']);
  assert.deepEqual(await visible(partnerOf(south, 0)), []);
});

test('a caller of no organization, or a partner of none, is refused', async () => {
  const nobody = { ...dispatcherOf(service.world.north), organizationId: null };
  const lost = { ...partnerOf(service.world.north, 0), partnerId: null };
  for (const identity of [nobody, lost]) {
    const { errors } = await service.server.execute({
      query: '{ reports { nodes { id } } }',
      identity,
    });
    assert.equal(errors?.[0]?.extensions?.['code'], 'FORBIDDEN');
  }
});

type Page = {
  nodes: Record<string, unknown>[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
};

test('reports come newest first, page by page', async () => {
  const seen: unknown[] = [];
  let cursor: string | null = null;
  do {
    const { reports }: { reports: Page } = await service.data<{ reports: Page }>({
      query: `query ($after: String) {
        reports(first: 1, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }`,
      identity: dispatcherOf(service.world.north),
      variables: { after: cursor },
    });
    seen.push(...reports.nodes.map(({ id }) => id));
    cursor = reports.pageInfo.hasNextPage ? reports.pageInfo.endCursor : null;
  } while (cursor !== null);
  assert.deepEqual(seen, [ids['second'], ids['first'], ids['dispatcher']]);
});

test('filters narrow the list', async () => {
  const list = async (filter: object) => {
    const { reports } = await service.data<{ reports: Page }>({
      query: `query ($filter: ReportFilter) { reports(filter: $filter) { nodes { id } } }`,
      identity: dispatcherOf(service.world.north),
      variables: { filter },
    });
    return reports.nodes.map(({ id }) => id);
  };
  assert.deepEqual(await list({ requestedByMe: true }), [ids['dispatcher']]);
  assert.equal((await list({ kind: ['ON_TIME_IN_FULL'], status: ['SUCCEEDED'] })).length, 3);
  assert.deepEqual(await list({ kind: ['DAILY_OPERATIONS'] }), []);
  assert.deepEqual(await list({ status: ['RUNNING', 'FAILED'] }), []);
});

test('rows come page by page, for many reports by as many statements as for one', async () => {
  const query = (first: number) => `{ reports(first: ${first}) { nodes {
    rows(first: 2) { columns { key } nodes pageInfo { hasNextPage endCursor } } artifacts { url } } } }`;
  const identity = dispatcherOf(service.world.north);
  const statements = async (first: number) => {
    const scope = newRequestScope({ requestId: 'test' });
    const { reports } = await runInRequest(scope, () =>
      service.data<{ reports: { nodes: { rows: Page }[] } }>({ query: query(first), identity }),
    );
    assert.equal(reports.nodes.length, first);
    assert.deepEqual(
      reports.nodes[0]?.rows.nodes.map(({ stops }) => stops),
      [1, 2],
    );
    return scope.sql.statements;
  };
  assert.equal(await statements(1), await statements(3));
});

test('the next page of rows starts where the last one ended', async () => {
  const identity = dispatcherOf(service.world.north);
  const page = async (after: string | null) => {
    const { report } = await service.data<{ report: { rows: Page } }>({
      query: `query ($id: ID!, $after: String) { report(id: $id) {
        rows(first: 3, after: $after) { nodes pageInfo { hasNextPage endCursor } } } }`,
      identity,
      variables: { id: ids['dispatcher'], after },
    });
    return report.rows;
  };
  const first = await page(null);
  const second = await page(first.pageInfo.endCursor);
  assert.deepEqual(
    [...first.nodes, ...second.nodes].map(({ stops }) => stops),
    [1, 2, 3, 4, 5],
  );
  assert.equal(second.pageInfo.hasNextPage, false);
});

test('an unusable page is refused with its path', async () => {
  const identity = dispatcherOf(service.world.north);
  for (const [args, path] of [
    ['first: -1', 'first'],
    ['first: 201', 'first'],
    ['after: "nonsense"', 'after'],
  ]) {
    for (const query of [
      `{ reports(${args}) { nodes { id } } }`,
      `{ report(id: "${ids['dispatcher']}") { rows(${args}) { nodes } } }`,
    ]) {
      const { errors } = await service.server.execute({ query, identity });
      assert.equal(errors?.[0]?.extensions?.['code'], 'BAD_USER_INPUT');
      assert.deepEqual(errors?.[0]?.extensions?.['argumentPath'], [path]);
    }
  }
});

test('a cursor that nobody gave out is refused with its path, checksum or not', async () => {
  const identity = dispatcherOf(service.world.north);
  const id = ids['dispatcher'] ?? '';
  const now = new Date().toISOString();
  const forged = [
    ...[
      [now, 'no uuid'],
      ['Van 1', newId()],
      ['0000-01-01T00:00:00.000Z', newId()],
      ['+012345-01-01T00:00:00.000Z', newId()],
      [now],
    ].map((parts) => `{ reports(after: "${encodeCursor(parts)}") { nodes { id } } }`),
    ...[0.5, -1, 1e12, 'x'].map((ordinal) => {
      const after = encodeCursor([decodeId('report', id) ?? '', ordinal]);
      return `{ report(id: "${id}") { rows(after: "${after}") { nodes } } }`;
    }),
  ];
  for (const query of forged) {
    const { errors } = await service.server.execute({ query, identity });
    assert.equal(errors?.[0]?.extensions?.['code'], 'BAD_USER_INPUT', query);
    assert.deepEqual(errors?.[0]?.extensions?.['argumentPath'], ['after']);
  }
});

test('an id that names nothing gives null', async () => {
  const { report } = await service.data<{ report: null }>({
    query: '{ report(id: "veh_nonsense") { id } }',
    identity: dispatcherOf(service.world.north),
  });
  assert.equal(report, null);
});
