import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';

import { fileSource } from '../../test/file-source.ts';
import type { FileSource } from './file-source.ts';
import { xlsxOf } from './xlsx.ts';

/** The parts of a zip by their paths, as its directory lists them. */
function unzip(zip: Buffer): Map<string, string> {
  const parts = new Map<string, string>();
  let at = zip.readUInt32LE(zip.lastIndexOf('PK\u0005\u0006') + 16);
  while (zip.readUInt32LE(at) === 0x02_01_4b_50) {
    const [size, nameLength] = [zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28)];
    const path = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    parts.set(path, inflateRawSync(zip.subarray(start, start + size)).toString());
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return parts;
}

async function workbookOf(source: FileSource, options?: { maxSheetRows: number }) {
  return unzip(await buffer(Readable.from(xlsxOf(source, options))));
}

const columns = [
  { key: 'name', title: 'Name', unit: null },
  { key: 'day', title: 'Day', unit: null, type: 'DAY' as const },
  { key: 'arrivedAt', title: 'Arrived', unit: null, type: 'INSTANT' as const },
  { key: 'distance', title: 'Distance', unit: 'METERS' as const },
  { key: 'dwell', title: 'Dwell', unit: 'SECONDS' as const },
];

test('numbers and days are numbers with a format, text is text that nothing runs', async () => {
  const rows = [
    {
      name: '=1+1',
      day: '2026-11-02',
      arrivedAt: '2026-11-02T08:00:00Z',
      distance: 1_500,
      dwell: -90,
    },
    { name: 'a < b & _x0041_\u0001', day: null, arrivedAt: null, distance: null, dwell: null },
  ];
  const settings = { timeZone: 'Europe/Berlin', locale: 'de' };
  const parts = await workbookOf(fileSource({ columns, rows, settings }));
  const sheet = parts.get('xl/worksheets/sheet2.xml') ?? '';
  assert.match(sheet, /<t xml:space="preserve">Distance \(km\)<\/t>/);
  assert.match(sheet, /<c r="A2" t="inlineStr"><is><t xml:space="preserve">'=1\+1<\/t>/);
  assert.match(sheet, /<c r="B2" s="\d+"><v>46328<\/v><\/c>/);
  assert.match(sheet, /<c r="C2" s="\d+"><v>46328\.375<\/v><\/c>/);
  assert.match(sheet, /<c r="D2" s="\d+"><v>1\.5<\/v><\/c><c r="E2" s="\d+"><v>-1\.5<\/v><\/c>/);
  assert.match(
    sheet,
    /<row r="3"><c r="A3" t="inlineStr"><is><t[^>]*>a &lt; b &amp; _x005F_x0041_<\/t>/,
  );
  assert.match(sheet, /<autoFilter ref="A1:E3"\/>/);
  const styles = parts.get('xl/styles.xml') ?? '';
  assert.match(styles, /formatCode="dd\\\.mm\\\.yyyy hh:mm"/);
  assert.match(styles, /formatCode="#,##0\.0"/);
});

test('more rows than a sheet can have go on with another one', async () => {
  const rows = Array.from({ length: 2_500 }, (_, stops) => ({ name: `row ${stops}` }));
  const parts = await workbookOf(fileSource({ columns, rows }), { maxSheetRows: 1_200 });
  const counts = [2, 3, 4].map(
    (number) => parts.get(`xl/worksheets/sheet${number}.xml`)?.match(/<row /g)?.length,
  );
  assert.deepEqual(counts, [1_201, 1_201, 101]);
  assert.equal(parts.has('xl/worksheets/sheet5.xml'), false);
  assert.match(parts.get('xl/worksheets/sheet4.xml') ?? '', /row 2499</);
  const names = [...(parts.get('xl/workbook.xml') ?? '').matchAll(/sheet name="([^"]+)"/g)];
  assert.deepEqual(
    names.map(([, name]) => name),
    ['Summary', 'Rows', 'Rows 2', 'Rows 3'],
  );
});

test('a report without rows is a workbook all the same, with its totals', async () => {
  const total = { key: 'stops', title: 'Stops', unit: 'COUNT' as const, value: 0, previous: 7 };
  const parts = await workbookOf(
    fileSource({
      columns,
      rows: [],
      summary: {
        totals: [{ ...total, numerator: null, denominator: null, definition: 'Finished stops.' }],
      },
    }),
  );
  assert.equal(parts.get('xl/worksheets/sheet2.xml')?.match(/<row /g)?.length, 1);
  const summary = parts.get('xl/worksheets/sheet1.xml') ?? '';
  assert.match(summary, /On time in full<.*Stops<.*<v>0<\/v>.*<v>7<\/v>.*Finished stops\./s);
});

test('rows that fail fail the workbook', async () => {
  async function* broken() {
    yield { name: 'first' };
    throw new Error('the source is gone');
  }
  await assert.rejects(workbookOf(fileSource({ columns, rows: broken() })), /the source is gone/);
});
