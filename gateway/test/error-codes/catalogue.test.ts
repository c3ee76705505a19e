import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { ERROR_CODES } from '@quantumroute/ops/failures';
import { Kind, parse } from 'graphql';

const SCHEMA = new URL('../../../schema/', import.meta.url);

test('the table of error codes shows the catalogue, no more and no less', async () => {
  const rows = await rowsOf('code', 'HTTP', 'meaning');
  const catalogue = Object.entries(ERROR_CODES).map(([code, { httpStatus, meaning }]) => [
    code,
    String(httpStatus),
    meaning,
  ]);
  assert.deepEqual(rows, catalogue);
});

test('the table of user errors shows every UserErrorCode', async () => {
  const { definitions } = parse(await readFile(new URL('route.graphql', SCHEMA), 'utf8'));
  const codes = definitions.flatMap((definition) =>
    definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'UserErrorCode'
      ? (definition.values ?? []).map(({ name }) => name.value)
      : [],
  );
  const rows = await rowsOf('code', 'type', 'what to do');
  assert.deepEqual(new Set(rows.map(([code]) => code)), new Set(codes));
});

/** The rows of the table with these headings, in schema/README.md. */
async function rowsOf(...headings: string[]): Promise<string[][]> {
  const lines = (await readFile(new URL('README.md', SCHEMA), 'utf8')).split('\n');
  const cellsOf = (line: string) => line.split('|').slice(1, -1).map(textOf);
  const start = lines.findIndex((line) => cellsOf(line).join() === headings.join());
  assert.notEqual(start, -1, `no table of ${headings.join()}`);
  const rest = lines.slice(start + 2);
  const length = rest.findIndex((line) => !line.startsWith('|'));
  return rest.slice(0, length === -1 ? rest.length : length).map(cellsOf);
}

/** A cell without its padding, and without the backticks of a code. */
function textOf(cell: string): string {
  return cell.trim().replace(/^`([A-Z_]+)`$/, '$1');
}
