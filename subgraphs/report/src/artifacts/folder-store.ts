import { createReadStream, createWriteStream } from 'node:fs';
import { access, constants, mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { ArtifactStore, StoredFile } from './artifact-store.ts';
import { KEY_PATTERN, checkKey } from './artifact-store.ts';
import type { ByteRange } from './byte-range.ts';
import { measured } from './measured-content.ts';

/** Report files in a folder, one sub-folder per report. */
export function createFolderStore(directory: string): ArtifactStore {
  const pathOf = (key: string) => join(directory, checkKey(key));
  return {
    write: (key, content) => writeWhole(pathOf(key), content),
    read: (key, range) => readFile(pathOf(key), range),
    keysOf: async (reportId) => {
      const names = await readdir(pathOf(reportId)).catch(orNothing);
      const keys = (names ?? []).map((name) => `${reportId}/${name}`);
      // File systems and desktops leave files of their own, such as `.nfs…` and `.DS_Store`.
      return keys.filter((key) => KEY_PATTERN.test(key));
    },
    remove: async (key) => {
      await rm(pathOf(key), { force: true });
      await rmdir(dirname(pathOf(key))).catch(() => undefined);
    },
    check: async () => {
      await mkdir(directory, { recursive: true });
      await access(directory, constants.W_OK);
    },
  };
}

const UNFINISHED = '.unfinished';

/** The file appears under its name only when all of it is on the disk. */
async function writeWhole(
  path: string,
  content: AsyncIterable<string | Uint8Array>,
): Promise<StoredFile> {
  const unfinished = `${path}${UNFINISHED}`;
  const { chunks, result, failureOf } = measured(content);
  try {
    await mkdir(dirname(path), { recursive: true });
    await pipeline(chunks, createWriteStream(unfinished));
    await flush(unfinished);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw failureOf(error);
  }
  return result();
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function readFile(path: string, range: ByteRange | undefined): Promise<Readable | null> {
  const file = await open(path, 'r').catch(orNothing);
  return file === null ? null : createReadStream(path, { fd: file, autoClose: true, ...range });
}

function orNothing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}
