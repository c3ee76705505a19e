import assert from 'node:assert/strict';
import { test } from 'node:test';

import { chartOf } from '../figures/chart.ts';
import { chartSvg } from './chart-svg.ts';
import type { FileSettings } from './file-settings.ts';

const settings: FileSettings = {
  locale: 'en',
  timeZone: 'UTC',
  unitSystem: 'METRIC',
  currency: 'EUR',
};

const chart = chartOf(
  { title: 'Distance by day', mark: 'line', by: 'day', figures: ['distance'], limit: 31 },
  [
    { day: '2026-03-01', distance: 1_500_000 },
    { day: '2026-03-02', distance: 2_500_000 },
  ],
);

/** The texts of a drawing. */
async function textsOf(changes: Partial<FileSettings>): Promise<string[]> {
  const svg = await chartSvg(chart, { settings: { ...settings, ...changes } });
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text ?? '');
}

test('a chart has an alternative text, and numbers and months of the locale', async () => {
  const svg = await chartSvg(chart, { settings });
  assert.match(svg, /^<svg role="img" aria-label="Line chart by day: Distance/);
  const english = await textsOf({});
  assert.ok(english.includes('2,000') && english.includes('01 Mar'), String(english));
  const german = await textsOf({ locale: 'de' });
  assert.ok(german.includes('2.000') && german.includes('01 Mär'), String(german));
});

test('a chart is drawn in the units of the file, and its spec stays as it is', async () => {
  assert.ok((await textsOf({})).includes('km'));
  const before = structuredClone(chart);
  const imperial = await textsOf({ unitSystem: 'IMPERIAL' });
  assert.ok(imperial.includes('mi') && imperial.includes('1,600'), String(imperial));
  assert.ok(!imperial.includes('2,000'), String(imperial));
  assert.deepEqual(chart, before);
});
