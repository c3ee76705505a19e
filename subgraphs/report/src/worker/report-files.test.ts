import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { newId } from '@quantumroute/schema/ids';

import { summaryOf } from '../../test/file-source.ts';
import { createFolderStore } from '../artifacts/folder-store.ts';
import type { Cells } from '../figures/column.ts';
import type { Report, ReportFormat } from '../storage/report-entity.ts';
import { REPORT_FORMATS } from '../storage/report-entity.ts';
import type { ReportFiles } from './report-files.ts';
import { startFiles } from './report-files.ts';

const settings = { locale: 'en', timeZone: 'UTC', unitSystem: 'METRIC', currency: 'EUR' } as const;
const columns = [{ key: 'name', title: 'Name', unit: null }];

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quantumroute-report-files-'));
});

after(() => rm(folder, { recursive: true, force: true }));

function start(directory: string, formats: readonly ReportFormat[]): ReportFiles {
  const report = {
    id: newId(),
    kind: 'ON_TIME_IN_FULL',
    periodFrom: '2026-11-01',
    periodTo: '2026-11-30',
    formats,
  } as unknown as Report;
  const fence = { reportId: report.id, attempt: 1 };
  const { signal } = new AbortController();
  const store = createFolderStore(directory);
  return startFiles({ report, fence, store, signal, columns, settings });
}

/** Names that do not get smaller by being zipped. */
function batch(): readonly Cells[] {
  return Array.from({ length: 200 }, () => ({ name: `${newId()} ${newId()}` }));
}

async function takeMuch(files: ReportFiles): Promise<void> {
  for (let taken = 0; taken < 50; taken += 1) await files.take(batch());
  await files.finish(summaryOf({ rowCount: 10_000 }));
}

for (const format of REPORT_FORMATS) {
  test(`${format} on a disk that is full fails at once and leaves nothing`, async (t) => {
    if (process.platform !== 'linux') return t.skip('only Linux limits the files of a process');
    const files = start(folder, [format]);
    limitFiles('8192');
    try {
      await assert.rejects(takeMuch(files), { code: 'STORE_UNAVAILABLE' });
    } finally {
      limitFiles('unlimited');
    }
    await files.discard(new Error('It failed'));
    assert.deepEqual(await filesIn(folder), []);
  });

  test(`${format} in a folder that cannot be made fails at once`, async () => {
    const blocked = join(folder, newId());
    await writeFile(blocked, 'Something else');
    const files = start(blocked, [format]);
    await assert.rejects(takeMuch(files), { code: 'STORE_UNAVAILABLE' });
    await files.discard(new Error('It failed'));
    await rm(blocked);
  });
}

/** As if the disk were full for every file of this process beyond so many bytes. */
function limitFiles(bytes: string): void {
  process.on('SIGXFSZ', () => undefined);
  execFileSync('prlimit', [`--pid=${process.pid}`, `--fsize=${bytes}:unlimited`]);
}

async function filesIn(directory: string): Promise<string[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map(({ name }) => name);
}
