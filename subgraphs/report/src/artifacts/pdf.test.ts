import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';

import { fileSource } from '../../test/file-source.ts';
import { pdfOf } from './pdf.ts';
import type { Summary } from './summary.ts';

const CHART = {
  title: 'Stops by day',
  altText: 'Bar chart by day: Stops from 1 to 2.',
  spec: {
    width: 300,
    height: 120,
    data: { values: [1, 2].map((value) => ({ group: `day ${value}`, value })) },
    mark: { type: 'bar' },
    encoding: {
      x: { field: 'value', type: 'quantitative' },
      y: { field: 'group', type: 'nominal' },
    },
  },
};

async function pdf(rowCount: number): Promise<Buffer> {
  const source = fileSource({
    columns: [
      { key: 'name', title: 'Driver', unit: null },
      { key: 'distance', title: 'Distance', unit: 'METERS' },
    ],
    rows: Array.from({ length: rowCount }, (_, index) => ({
      name: ['Jürgen', 'Ελένη', 'Ђорђе'][index % 3] ?? '',
      distance: index,
    })),
    summary: { rowCount, charts: [CHART] },
  });
  return buffer(Readable.from(pdfOf(source)));
}

/** What the file says in its own language: its objects, and its streams unpacked. */
function insideOf(file: Buffer): string {
  const text = file.toString('latin1');
  const streams = [...text.matchAll(/stream\r?\n/g)].filter(({ index }) => text[index - 1] !== 'd');
  const unpacked = streams.map(({ index, 0: { length } }) => {
    const end = text.indexOf('endstream', index);
    try {
      return inflateSync(file.subarray(index + length, end)).toString('latin1');
    } catch {
      return '';
    }
  });
  return `${text}\n${unpacked.join('\n')}`;
}

function pagesOf(file: Buffer): number {
  return file.toString('latin1').match(/\/Type \/Page\b(?!s)/g)?.length ?? 0;
}

test('a PDF has its own fonts with Latin, Greek and Cyrillic, and charts as vectors', async () => {
  const file = await pdf(6);
  assert.equal(file.subarray(0, 8).toString(), '%PDF-1.7');
  assert.equal(pagesOf(file), 1);
  const inside = insideOf(file);
  assert.match(inside, /\/FontFile2/);
  assert.doesNotMatch(inside, /\/Subtype \/Image/);
  // What readers find when they search: the code points behind the glyphs.
  for (const letter of ['ü', 'Ε', 'Ђ']) {
    const code = (letter.codePointAt(0) ?? 0).toString(16).padStart(4, '0');
    assert.match(inside, new RegExp(`<${code}>`, 'i'), letter);
  }
});

test('a long table goes on over pages, and ends after a thousand rows', async () => {
  const [short, long, longer] = await Promise.all([pdf(100), pdf(1_000), pdf(5_000)]);
  assert.ok(pagesOf(short) >= 3);
  assert.ok(pagesOf(long) > pagesOf(short));
  assert.ok(pagesOf(longer) - pagesOf(long) <= 1);
});

test('a chart that is a little too tall is drawn smaller instead of leaving the first page', async () => {
  const tall = { ...CHART, spec: { ...CHART.spec, width: 300, height: 300 } };
  const source = fileSource({ columns: [], rows: [], summary: { charts: [tall] } });
  assert.equal(pagesOf(await buffer(Readable.from(pdfOf(source)))), 2);
});

test('a table with many columns is set on two lines, so that no instant is cut', async () => {
  const columns = Array.from({ length: 13 }, (_, index) => ({
    key: `at${index}`,
    title: 'At',
    unit: null,
    type: 'INSTANT' as const,
  }));
  const row = Object.fromEntries(columns.map(({ key }) => [key, '2026-10-25T17:05:00.000Z']));
  const source = fileSource({ columns, rows: [row] });
  const ellipsis = /<2026>/;
  assert.doesNotMatch(insideOf(await buffer(Readable.from(pdfOf(source)))), ellipsis);
});

test('a chart without a value is left out', async () => {
  const file = async (changes: Partial<Summary>) => {
    const summary = { rowCount: 0, ...changes };
    return insideOf(
      await buffer(Readable.from(pdfOf(fileSource({ columns: [], rows: [], summary })))),
    );
  };
  const empty = { ...CHART, spec: { ...CHART.spec, data: { values: [] } } };
  const shapes = (inside: string) => inside.match(/ (?:l|c)\n/g)?.length ?? 0;
  const plain = shapes(await file({}));
  assert.equal(shapes(await file({ charts: [empty] })), plain);
  assert.ok(shapes(await file({ charts: [CHART] })) > plain);
});
