import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

import { htmlOf } from './html.ts';

function pageOf({ rowCount }: { rowCount: number }): Promise<string> {
  const pieces = htmlOf({
    title: 'On time in full',
    subject: 'North <script>',
    periodFrom: '2026-11-01',
    periodTo: '2026-11-30',
    dataAsOf: new Date('2026-11-30T12:00:00Z'),
    currency: 'EUR',
    totals: [],
    charts: [],
    columns: [{ key: 'stops', title: 'Stops', unit: 'COUNT' }],
    rowCount,
    rows: Readable.from(Array.from({ length: rowCount }, (_, index) => ({ stops: index }))),
  });
  return text(Readable.from(pieces));
}

test('a page shows every row of a short report, and no name can be markup', async () => {
  const page = await pageOf({ rowCount: 3 });
  assert.equal(page.match(/<td/g)?.length, 3);
  assert.doesNotMatch(page, /<script|left out/);
});

test('a page of a long report says how many rows it leaves out, and promises no other file', async () => {
  const page = await pageOf({ rowCount: 2_500 });
  assert.equal(page.match(/<td/g)?.length, 2_000);
  assert.match(page, /500 more rows are left out here; a CSV file has them all\./);
});
