import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildSchema, isEnumType } from 'graphql';
import {
  REPORT_STATUSES,
  RUN_STATUSES,
  isFinalReportStatus,
  isFinalRunStatus,
  organizationReportsChannel,
  organizationRunsChannel,
  readReportUpdated,
  readRunUpdated,
} from './events.ts';
import type { ReportUpdated, RunUpdated } from './events.ts';
import { newId } from './ids.ts';

const event: ReportUpdated = {
  reportId: newId(),
  organizationId: newId(),
  partnerId: null,
  requestedBy: 'user-1',
  kind: 'DAILY_OPERATIONS',
  status: 'RUNNING',
  version: 3,
};

const runEvent: RunUpdated = {
  runId: newId(),
  organizationId: newId(),
  status: 'RUNNING',
  version: 3,
};

test('a channel carries the prefix and the organization', () => {
  const id = newId();
  assert.equal(organizationReportsChannel('qr:', id), `qr:report-updated:organization:${id}`);
  assert.equal(organizationRunsChannel('qr:', id), `qr:run-updated:organization:${id}`);
});

test('a channel is made of nothing but a UUID', () => {
  for (const id of ['*', '', `${newId()}*`, newId().toUpperCase(), 'a:b']) {
    assert.throws(() => organizationReportsChannel('qr:', id), TypeError);
    assert.throws(() => organizationRunsChannel('qr:', id), TypeError);
  }
});

test('an event survives the way through Redis', () => {
  assert.deepEqual(readReportUpdated(JSON.stringify(event)), event);
  assert.deepEqual(readRunUpdated(JSON.stringify(runEvent)), runEvent);
});

test('a message that is no event is ignored', () => {
  const strangers = [
    '',
    'null',
    '[]',
    '{}',
    JSON.stringify({ ...event, reportId: 'x' }),
    JSON.stringify({ ...event, status: 'DONE' }),
    JSON.stringify({ ...event, version: '3' }),
  ];
  for (const message of strangers) assert.equal(readReportUpdated(message), null, message);
  const strangeRuns = [{}, { ...runEvent, runId: 'x' }, { ...runEvent, status: 'EXPIRED' }];
  for (const run of strangeRuns) assert.equal(readRunUpdated(JSON.stringify(run)), null);
});

test('the statuses are those of the schema, and the last of them are final', () => {
  const supergraph = readFileSync(new URL('supergraph.graphql', import.meta.url), 'utf8');
  const schema = buildSchema(supergraph, { assumeValidSDL: true });
  const namesOf = (enumType: string) => {
    const type = schema.getType(enumType);
    assert.ok(isEnumType(type));
    return type.getValues().map(({ name }) => name);
  };
  assert.deepEqual(namesOf('ReportStatus').toSorted(), [...REPORT_STATUSES].toSorted());
  assert.deepEqual(REPORT_STATUSES.filter(isFinalReportStatus), REPORT_STATUSES.slice(2));
  assert.deepEqual(namesOf('RunStatus').toSorted(), [...RUN_STATUSES].toSorted());
  assert.deepEqual(RUN_STATUSES.filter(isFinalRunStatus), RUN_STATUSES.slice(2));
});
