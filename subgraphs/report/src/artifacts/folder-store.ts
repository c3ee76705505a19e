import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, constants, mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { ReportFailure } from '../worker/report-failure.ts';
import type { ArtifactStore, StoredFile } from './artifact-store.ts';

/** Report files in a folder, one sub-folder per report. */
export function createFolderStore(directory: string): ArtifactStore {
  const pathOf = (key: string) => {
    if (!KEY_PATTERN.test(key)) throw new TypeError(`Not a key of a report file: ${key}`);
    return join(directory, key);
  };
  return {
    write: (key, content) => writeWhole(pathOf(key), content),
    read: (key) => readFile(pathOf(key)),
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

/** Ours alone: no way up, nothing hidden. */
const KEY_PATTERN = /^[0-9a-f-]{36}(\/[0-9a-z][0-9a-z.-]*)?$/;
const UNFINISHED = '.unfinished';

/** The file appears under its name only when all of it is on the disk. */
async function writeWhole(
  path: string,
  content: AsyncIterable<string | Buffer>,
): Promise<StoredFile> {
  const unfinished = `${path}${UNFINISHED}`;
  const hash = createHash('sha256');
  let byteSize = 0;
  async function* measured() {
    for await (const chunk of content) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      hash.update(bytes);
      byteSize += bytes.length;
      yield bytes;
    }
  }
  try {
    await mkdir(dirname(path), { recursive: true });
    await pipeline(measured, createWriteStream(unfinished));
    await flush(unfinished);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw isOfFileSystem(error) ? unavailable(error) : error;
  }
  return { byteSize, sha256: hash.digest('hex') };
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function readFile(path: string) {
  const file = await open(path, 'r').catch(orNothing);
  if (file === null) return null;
  const { size } = await file.stat();
  return { stream: createReadStream(path, { fd: file, autoClose: true }), byteSize: size };
}

/** Disk full, read-only, gone: the store's problem. A failing source has no `syscall`. */
function isOfFileSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'path' in error
    ? true
    : error instanceof Error && 'code' in error && STORE_CODES.has(String(error.code));
}

const STORE_CODES = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EROFS', 'EMFILE']);

function unavailable(cause: unknown): ReportFailure {
  return new ReportFailure('STORE_UNAVAILABLE', 'The file could not be stored', { cause });
}

function orNothing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}
