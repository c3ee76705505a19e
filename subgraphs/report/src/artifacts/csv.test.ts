import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Cells } from '../figures/column.ts';
import { csvOf, neutralized } from './csv.ts';

async function* rowsOf(rows: readonly Cells[]): AsyncGenerator<Cells> {
  yield* rows;
}

async function textOf(rows: AsyncIterable<Cells>): Promise<string> {
  const columns = [
    { key: 'name', title: '=Name', unit: null },
    { key: 'value', title: 'Value', unit: 'RATIO' as const },
  ];
  const chunks: string[] = [];
  for await (const chunk of csvOf(columns, rows)) chunks.push(chunk.toString());
  return chunks.join('');
}

test('a cell that a spreadsheet would run is made text', () => {
  for (const dangerous of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '\n=1']) {
    assert.equal(neutralized(dangerous), `'${dangerous}`);
  }
  for (const harmless of ['Kiel', '3 = 3', '', 'a@b.example']) {
    assert.equal(neutralized(harmless), harmless);
  }
});

test('cells are quoted, numbers are numbers, missing values are empty', async () => {
  const text = await textOf(
    rowsOf([
      { name: 'a "b", c', value: -0.1 - 0.2 },
      { name: '=cmd', value: null },
    ]),
  );
  assert.equal(text, `\uFEFF'=Name,Value\r\n"a ""b"", c",-0.3\r\n'=cmd,\r\n`);
});

test('a source that fails fails the file', async () => {
  async function* broken(): AsyncGenerator<Cells> {
    yield { name: 'first', value: 1 };
    throw new Error('the source is gone');
  }
  await assert.rejects(textOf(broken()), /the source is gone/);
});
