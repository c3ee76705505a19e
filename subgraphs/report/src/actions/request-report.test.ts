import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';

import type { Identity } from '@quantumroute/ops/identity';
import { encodeId, newId } from '@quantumroute/schema/ids';

import { insertExperiment } from '../../test/experiments.ts';
import type { ReportService } from '../../test/report-service.ts';
import { startReportService } from '../../test/report-service.ts';
import type { Requested } from '../../test/requests.ts';
import { REQUEST, inputOf, requestReport } from '../../test/requests.ts';
import { dispatcherOf, partnerOf } from '../../test/world.ts';
import { REPORT_KINDS } from '../storage/report-entity.ts';

let service: ReportService;

before(async () => {
  service = await startReportService({ REPORT_QUOTA: '12' });
});

after(() => service?.close());

async function request(identity: Identity, changes: Record<string, unknown> = {}) {
  const variables = { input: inputOf(changes) };
  return (await service.data<Requested>({ query: REQUEST, identity, variables })).reportRequest;
}

async function refusals(identity: Identity, changes: Record<string, unknown>) {
  const { report, userErrors } = await request(identity, changes);
  assert.equal(report, null);
  return userErrors.map(({ code, path }) => [code, path.join('.')]);
}

const CANCEL = `mutation ($id: ID!) { reportCancel(id: $id) {
  report { id status version progress { phase } finishedAt }
  userErrors { code path ... on IllegalTransitionError { currentStatus allowed } } } }`;

test('a request is answered with REQUESTED and every parameter filled in', async () => {
  const { report } = await request(dispatcherOf(service.world.north), {
    parameters: { minimumStops: 3 },
  });
  assert.equal(report?.status, 'REQUESTED');
  assert.deepEqual(report?.parameters, {
    groupBy: 'DAY',
    minimumStops: 3,
    compareTo: 'PREVIOUS_PERIOD',
  });
});

test('the same key gives the same report, once', async () => {
  const identity = dispatcherOf(service.world.north);
  const input = inputOf();
  const ask = () => service.data<Requested>({ query: REQUEST, identity, variables: { input } });
  const answers = await Promise.all([ask(), ask(), ask()]);
  const ids = new Set(answers.map(({ reportRequest }) => reportRequest.report?.id));
  assert.equal(ids.size, 1);
  assert.equal((await ask()).reportRequest.report?.id, [...ids][0]);
});

test('the same key with another body is refused', async () => {
  const identity = dispatcherOf(service.world.north);
  const idempotencyKey = randomUUID();
  await requestReport(service, identity, { idempotencyKey });
  assert.deepEqual(await refusals(identity, { idempotencyKey, kind: 'DAILY_OPERATIONS' }), [
    ['IDEMPOTENCY_KEY_REUSED', 'input.idempotencyKey'],
  ]);
});

test('two organizations may use the same key', async () => {
  const idempotencyKey = randomUUID();
  const first = await requestReport(service, dispatcherOf(service.world.north), { idempotencyKey });
  const second = await requestReport(service, dispatcherOf(service.world.south), {
    idempotencyKey,
  });
  assert.notEqual(first.id, second.id);
});

test('every mistake is told at once, each with its path', async () => {
  const found = await refusals(dispatcherOf(service.world.north), {
    idempotencyKey: '',
    period: { from: '2026-11-30', to: '2026-11-01' },
    parameters: { groupBy: 'MOON', minimumStops: -1, colour: 'blue' },
    formats: [],
    subjectId: 'dep_nonsense',
    locale: 'xx',
    timeZone: 'Mars/Olympus',
  });
  assert.deepEqual(
    found.toSorted((a, b) => (String(a) < String(b) ? -1 : 1)),
    [
      ['INVALID', 'input.formats'],
      ['INVALID', 'input.idempotencyKey'],
      ['INVALID', 'input.locale'],
      ['INVALID', 'input.parameters.colour'],
      ['INVALID', 'input.parameters.groupBy'],
      ['INVALID', 'input.parameters.minimumStops'],
      ['INVALID', 'input.period.to'],
      ['INVALID', 'input.timeZone'],
      ['NOT_FOUND', 'input.subjectId'],
    ],
  );
  assert.deepEqual(
    await refusals(dispatcherOf(service.world.north), {
      period: { from: '2025-01-01', to: '2026-02-01' },
    }),
    [['INVALID', 'input.period.to']],
  );
});

test('a subject of another organization does not exist', async () => {
  const { north, south } = service.world;
  for (const subjectId of [
    encodeId('depot', north.depots[0]),
    encodeId('partner', north.partners[0]),
    encodeId('organization', north.id),
    encodeId('vehicle', south.vehicles[0]),
  ]) {
    assert.deepEqual(await refusals(dispatcherOf(south), { subjectId }), [
      ['NOT_FOUND', 'input.subjectId'],
    ]);
  }
});

test('a caller of a partner always gets the own partner and no business of the operator', async () => {
  const { north } = service.world;
  const { id } = await requestReport(service, partnerOf(north, 0), {
    subjectId: encodeId('depot', north.depots[0]),
  });
  const { report } = await service.data<{ report: { subject: object } }>({
    query: `query ($id: ID!) { report(id: $id) { subject { ... on Partner { id } } } }`,
    identity: partnerOf(north, 0),
    variables: { id },
  });
  assert.deepEqual(report.subject, { id: encodeId('partner', north.partners[0]) });
  assert.deepEqual(
    await refusals(partnerOf(north, 0), {
      kind: 'FLEET_UTILIZATION',
      parameters: { groupBy: 'VEHICLE' },
    }),
    [['INVALID', 'input.kind']],
  );
  assert.deepEqual(await refusals(partnerOf(north, 0), { parameters: { groupBy: 'DRIVER' } }), [
    ['INVALID', 'input.parameters.groupBy'],
  ]);
});

test('a kind is refused for a subject that it says nothing about, or without what it needs', async () => {
  const { north } = service.world;
  const subjectId = encodeId('partner', north.partners[0]);
  assert.deepEqual(await refusals(dispatcherOf(north), { kind: 'DRIVER_SCORECARD', subjectId }), [
    ['INVALID', 'input.subjectId'],
  ]);
  assert.deepEqual(await refusals(dispatcherOf(north), { kind: 'EXPERIMENT_OUTCOME' }), [
    ['INVALID', 'input.parameters.experimentId'],
  ]);
});

test('an experiment is refused that the organization does not have', async () => {
  const { north, south } = service.world;
  const outcome = (experiment: string) => ({
    kind: 'EXPERIMENT_OUTCOME',
    parameters: { experimentId: encodeId('experiment', experiment) },
  });
  const theirs = await insertExperiment(service.world, south);
  for (const unknown of [newId(), theirs]) {
    assert.deepEqual(await refusals(dispatcherOf(north), outcome(unknown)), [
      ['NOT_FOUND', 'input.parameters.experimentId'],
    ]);
  }
  const ours = await insertExperiment(service.world, north);
  const { report } = await request(dispatcherOf(north), outcome(ours));
  assert.equal(report?.status, 'REQUESTED');
});

test('definitions offer each caller what that caller may ask for', async () => {
  const query = '{ reportDefinitions { kind title description formats parametersSchema } }';
  type Definitions = { reportDefinitions: { kind: string; formats: string[] }[] };
  const kinds = async (identity: Identity) =>
    (await service.data<Definitions>({ query, identity })).reportDefinitions.map(
      ({ kind }) => kind,
    );
  assert.deepEqual(await kinds(dispatcherOf(service.world.north)), [...REPORT_KINDS]);
  const offered = await kinds(partnerOf(service.world.north, 0));
  assert.ok(offered.includes('ON_TIME_IN_FULL') && !offered.includes('FLEET_UTILIZATION'));
});

test('a waiting report is canceled once', async () => {
  const identity = dispatcherOf(service.world.north);
  const { id } = await requestReport(service, identity);
  type Canceled = { reportCancel: { report: { status: string } | null; userErrors: object[] } };
  const cancel = async (who: Identity) =>
    (await service.data<Canceled>({ query: CANCEL, identity: who, variables: { id } }))
      .reportCancel;
  const notFound = { report: null, userErrors: [{ code: 'NOT_FOUND', path: ['id'] }] };
  assert.deepEqual(await cancel(dispatcherOf(service.world.south)), notFound);
  assert.deepEqual(await cancel(partnerOf(service.world.north, 0)), notFound);
  assert.equal((await cancel(identity)).report?.status, 'CANCELED');
  assert.deepEqual((await cancel(identity)).userErrors, [
    { code: 'ILLEGAL_TRANSITION', path: ['id'], currentStatus: 'CANCELED', allowed: [] },
  ]);
});

test('a report that is asked for again and canceled in one operation is told as CANCELED', async () => {
  const identity = dispatcherOf(service.world.north);
  const input = inputOf();
  const { reportRequest } = await service.data<Requested>({
    query: REQUEST,
    identity,
    variables: { input },
  });
  const { last } = await service.data<{ last: { report: object } }>({
    query: `mutation ($input: ReportRequestInput!, $id: ID!) {
      first: reportRequest(input: $input) { report { status } }
      last: reportCancel(id: $id) { report { status } } }`,
    identity,
    variables: { input, id: reportRequest.report?.id },
  });
  assert.deepEqual(last.report, { status: 'CANCELED' });
});

test('an organization has a bounded number of unfinished reports', async () => {
  const identity = dispatcherOf(service.world.south);
  const answers: Requested['reportRequest'][] = [];
  for (let round = 0; round < 5; round += 1) {
    answers.push(...(await Promise.all([1, 2, 3, 4].map(() => request(identity)))));
  }
  const refused = answers.filter(({ report }) => report === null);
  // One is there already, from the test of the shared key.
  assert.equal(refused.length, 20 - 11);
  assert.equal(refused[0]?.userErrors[0]?.__typename, 'QuotaExceededError');
});

test('a caller without the scope is refused', async () => {
  const identity = { ...dispatcherOf(service.world.north), scopes: ['reports:read'] };
  const { errors } = await service.server.execute({
    query: REQUEST,
    identity,
    variables: { input: inputOf() },
  });
  assert.equal(errors?.[0]?.extensions?.['code'], 'FORBIDDEN');
});
