import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { gunzip, gzip } from 'node:zlib';

import type { RunProblem } from '../runs/run-problem.ts';

const MAX_BYTES = 16 * 1024 * 1024;

/** A run's problem as bytes, with its matrices; null when it is too large to be kept. */
export async function snapshotOf(problem: RunProblem): Promise<Buffer | null> {
  const bytes = await promisify(gzip)(serialize(problem));
  return bytes.length > MAX_BYTES ? null : bytes;
}

/** Throws for bytes that `snapshotOf` did not make. */
export async function problemIn(snapshot: Buffer): Promise<RunProblem> {
  return deserialize(await promisify(gunzip)(snapshot)) as RunProblem;
}
