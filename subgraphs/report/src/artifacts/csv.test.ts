import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

import { fileSource } from '../../test/file-source.ts';
import type { Cells, ReportColumn } from '../figures/column.ts';
import { csvOf } from './csv.ts';
import { jsonlOf } from './jsonl.ts';
import { neutralized } from './neutralized.ts';

const columns: ReportColumn[] = [
  { key: 'name', title: '=Name', unit: null },
  { key: 'arrivedAt', title: 'Arrived', unit: null, type: 'INSTANT' },
  { key: 'distance', title: 'Distance', unit: 'METERS' },
  { key: 'share', title: 'On time', unit: 'RATIO' },
  { key: 'cost', title: 'Cost per km', unit: 'MONEY_PER_KM' },
];
const rows: Cells[] = [
  {
    name: 'a "b", c',
    arrivedAt: '2026-11-02T08:00:00Z',
    distance: 12_345.6,
    share: 0.1 + 0.2,
    cost: 1,
  },
  { name: '=cmd', arrivedAt: '2026-07-02T23:30:00Z', distance: 0, share: null, cost: -2 },
  { name: '2026-11-02', arrivedAt: null, distance: null, share: 1, cost: null },
];

test('a cell that a spreadsheet would run is made text', () => {
  for (const dangerous of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '\n=1']) {
    assert.equal(neutralized(dangerous), `'${dangerous}`);
  }
  for (const harmless of ['Kiel', '3 = 3', '', 'a@b.example']) {
    assert.equal(neutralized(harmless), harmless);
  }
});

test('CSV has plain numbers, units in its titles and instants of the zone', async () => {
  const settings = { timeZone: 'Europe/Berlin' };
  const csv = await text(Readable.from(csvOf(fileSource({ columns, rows, settings }))));
  assert.deepEqual(csv.split('\r\n'), [
    `\uFEFF'=Name,Arrived,Distance (km),On time,Cost per km (EUR/km)`,
    `"a ""b"", c",2026-11-02T09:00:00+01:00,12.3456,0.3,1`,
    `'=cmd,2026-07-03T01:30:00+02:00,0,,-2`,
    '2026-11-02,,,1,',
    '',
  ]);
});

test('a locale changes nothing for programs, a unit system does', async () => {
  const settings = { locale: 'de', unitSystem: 'IMPERIAL' as const };
  const csv = await text(Readable.from(csvOf(fileSource({ columns, rows, settings }))));
  assert.deepEqual(csv.split('\r\n').slice(0, 2), [
    `\uFEFF'=Name,Arrived,Distance (mi),On time,Cost per mile (EUR/mi)`,
    `"a ""b"", c",2026-11-02T08:00:00Z,7.6712,0.3,1.609344`,
  ]);
});

test('a line break in a name starts no record', async () => {
  const names = ['one\ntwo', 'one\rtwo', 'one\r\n=two'].map((name) => ({ name }));
  const [name] = columns;
  const csv = csvOf(fileSource({ columns: name === undefined ? [] : [name], rows: names }));
  const records = (await text(Readable.from(csv))).split(/"?\r\n"(?=one)|"\r\n$/).slice(1, 4);
  assert.deepEqual(
    records,
    names.map(({ name: written }) => written),
  );
});

test('JSONL has an object per line with the titles and cells of CSV', async () => {
  const lines = await text(Readable.from(jsonlOf(fileSource({ columns, rows }))));
  assert.deepEqual(
    lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)[1],
    {
      '=Name': '=cmd',
      Arrived: '2026-07-02T23:30:00Z',
      'Distance (km)': 0,
      'On time': null,
      'Cost per km (EUR/km)': -2,
    },
  );
});

test('a source that fails fails the file', async () => {
  async function* broken(): AsyncGenerator<Cells> {
    yield { name: 'first' };
    throw new Error('the source is gone');
  }
  const csv = csvOf(fileSource({ columns, rows: broken() }));
  await assert.rejects(text(Readable.from(csv)), /the source is gone/);
});
