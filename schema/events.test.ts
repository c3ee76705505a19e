import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildSchema, isEnumType } from 'graphql';
import {
  REPORT_STATUSES,
  isFinalReportStatus,
  organizationReportsChannel,
  readReportUpdated,
} from './events.ts';
import type { ReportUpdated } from './events.ts';
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

test('a channel carries the prefix and the organization', () => {
  const id = newId();
  assert.equal(organizationReportsChannel('qr:', id), `qr:report-updated:organization:${id}`);
});

test('a channel is made of nothing but a UUID', () => {
  for (const id of ['*', '', `${newId()}*`, newId().toUpperCase(), 'a:b']) {
    assert.throws(() => organizationReportsChannel('qr:', id), TypeError);
  }
});

test('an event survives the way through Redis', () => {
  assert.deepEqual(readReportUpdated(JSON.stringify(event)), event);
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
});

test('the statuses are those of the schema, and the last four are final', () => {
  const supergraph = readFileSync(new URL('supergraph.graphql', import.meta.url), 'utf8');
  const type = buildSchema(supergraph, { assumeValidSDL: true }).getType('ReportStatus');
  assert.ok(isEnumType(type));
  assert.deepEqual(
    type
      .getValues()
      .map(({ name }) => name)
      .toSorted(),
    [...REPORT_STATUSES].toSorted(),
  );
  assert.deepEqual(REPORT_STATUSES.filter(isFinalReportStatus), REPORT_STATUSES.slice(2));
});
