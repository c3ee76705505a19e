import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { figureKeys, figureOf } from './catalogue.ts';
import type { Figure, Part } from './figure.ts';

/** `KPIS.md` is written by hand from these lines, so that nobody has to read source to know a number. */
test('every figure stands in the list of KPIs as it is counted', async () => {
  const list = await readFile(new URL('../../KPIS.md', import.meta.url), 'utf8');
  const cells = (line: string) => line.split('|').map((cell) => cell.trim());
  const rows = list
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map(cells);
  const expected = figureKeys.map((key) => cells(lineOf(key, figureOf(key))));
  assert.deepEqual(rows, expected);
});

function lineOf(key: string, figure: Figure): string {
  const { unit, definition } = figure;
  const [numerator, denominator] = partsOf(figure);
  return `| \`${key}\` | ${unit} | ${numerator} | ${denominator} | ${definition} |`;
}

function partsOf(figure: Figure): [numerator: string, denominator: string] {
  switch (figure.shape) {
    case 'ratio':
      return [text(figure.numerator), text(figure.denominator)];
    case 'total':
      return [text(figure.total), ''];
    case 'quantile':
      return [`${figure.quantile} of ${figure.histogram}`, text(figure.observations)];
  }
}

function text({ plus, minus = [], per = 1 }: Part): string {
  const sum = [plus.join(' + '), ...minus].join(' − ');
  return per === 1 ? sum : `${sum} ÷ ${per}`;
}
