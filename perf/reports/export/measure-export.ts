import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ATTEMPT_FLAGS } from '../product.ts';

export type ExportFormat = 'CSV' | 'JSONL' | 'XLSX';

export type ExportJob = {
  readonly url: string;
  /** One after the other, until there are rows enough. */
  readonly organizationIds: readonly string[];
  /** Calendar days, both included. */
  readonly from: string;
  readonly to: string;
  /** So many stops, where there are as many. */
  readonly rows: number;
  readonly formats: ExportFormat[];
};

export type Exported = {
  readonly rows: number;
  readonly seconds: number;
  /** The most resident memory that the exporting process had, Node and all libraries included. */
  readonly peakBytes: number;
  readonly files: readonly { readonly format: string; readonly byteSize: number }[];
};

const TIMEOUT_MS = 1_800_000;

/**
 * Exports stops as a worker does, from one cursor into all files at once, in a process of its own, so
 * that nothing else is in its memory. The files are deleted again.
 */
export async function measureExport(job: ExportJob): Promise<Exported> {
  const program = fileURLToPath(new URL('export-run.ts', import.meta.url));
  const args = [...ATTEMPT_FLAGS, program, JSON.stringify(job)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: TIMEOUT_MS });
  return JSON.parse(stdout) as Exported;
}
