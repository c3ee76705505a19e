import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

import { fileSource } from '../../test/file-source.ts';
import type { FileSettings } from './file-settings.ts';
import { htmlOf } from './html.ts';
import { createLocalText } from './local-text.ts';

function pageOf(rowCount: number, settings: Partial<FileSettings> = {}): Promise<string> {
  const rows = Array.from({ length: rowCount }, (_, index) => ({
    day: '2026-11-02',
    stops: index,
    distance: 1_234_567.8,
  }));
  const source = fileSource({
    columns: [
      { key: 'day', title: 'Day', unit: null, type: 'DAY' },
      { key: 'stops', title: 'Stops', unit: 'COUNT' },
      { key: 'distance', title: 'Distance', unit: 'METERS' },
    ],
    rows,
    settings,
    summary: { subject: 'North <script>', rowCount },
  });
  return text(Readable.from(htmlOf(source)));
}

test('a page shows every row of a short report, and no name can be markup', async () => {
  const page = await pageOf(3);
  assert.equal(page.match(/<td/g)?.length, 9);
  assert.doesNotMatch(page, /<script|left out/);
});

test('a page of a long report says how many rows it leaves out, and where they are', async () => {
  const page = await pageOf(2_500);
  assert.equal(page.match(/<tr>/g)?.length, 2_001);
  assert.match(page, /500 more rows are left out here; CSV, JSONL and XLSX have them all\./);
});

test('numbers, days and instants are written as the locale, zone and units want them', async () => {
  const shown = async (settings: Partial<FileSettings>) => {
    const page = await pageOf(1, { timeZone: 'Europe/Berlin', ...settings });
    const cells = [...page.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map(([, cell]) => cell);
    const [, asOf] = /<time[^>]*>([^<]*)<\/time>/.exec(page) ?? [];
    return [cells[0], cells[2], asOf];
  };
  assert.deepEqual(await shown({ locale: 'en' }), [
    'Nov 2, 2026',
    '1,234.6',
    'Nov 30, 2026, 1:00 PM (Europe/Berlin)',
  ]);
  assert.deepEqual(await shown({ locale: 'de' }), [
    '02.11.2026',
    '1.234,6',
    '30.11.2026, 13:00 (Europe/Berlin)',
  ]);
  assert.deepEqual(await shown({ locale: 'fr', unitSystem: 'IMPERIAL' }), [
    '2 nov. 2026',
    '767,1',
    '30 nov. 2026, 13:00 (Europe/Berlin)',
  ]);
  assert.deepEqual(await shown({ locale: 'es', timeZone: 'America/New_York' }), [
    '2 nov 2026',
    '1234,6',
    '30 nov 2026, 7:00 (America/New_York)',
  ]);
});

test('what is rounded to nothing has no sign', () => {
  const settings = { timeZone: 'UTC', unitSystem: 'METRIC', currency: 'EUR' } as const;
  const texts = createLocalText({ ...settings, locale: 'de' });
  const shown = (value: number) => [
    texts.total(value, 'METERS'),
    texts.total(value / 1e6, 'RATIO'),
    texts.total(value / 100, 'SECONDS'),
  ];
  assert.deepEqual(shown(-30), ['0,0 km', '0,0\u00A0%', '0 s']);
  assert.deepEqual(shown(-12_000), ['-12,0 km', '-1,2\u00A0%', '−2 min 00 s']);
});
