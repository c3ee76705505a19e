import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { copyLine } from './copy-text.ts';
import type { CopyValue } from './copy-text.ts';
import { TABLES } from './tables.ts';
import type { Rows, Table } from './tables.ts';

const CHUNK_CHARACTERS = 64 * 1024;

/** Writes rows by COPY, table after table in an order that references allow; returns how many. */
export async function copyRows(client: ClientBase, rows: Rows): Promise<number> {
  let count = 0;
  for (const table of Object.keys(TABLES) as Table[]) {
    const list: readonly Record<string, CopyValue>[] = rows[table] ?? [];
    if (list.length === 0) continue;
    const columns: readonly string[] = TABLES[table];
    const copy = client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`));
    await pipeline(Readable.from(chunks(list, columns)), copy);
    count += list.length;
  }
  return count;
}

function* chunks(
  rows: readonly Record<string, CopyValue>[],
  columns: readonly string[],
): Generator<string> {
  let chunk = '';
  for (const row of rows) {
    chunk += copyLine(row, columns);
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
