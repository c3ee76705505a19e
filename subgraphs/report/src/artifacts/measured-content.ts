import { createHash } from 'node:crypto';

import { ReportFailure } from '../worker/report-failure.ts';
import type { StoredFile } from './artifact-store.ts';

/** Content on its way to a store: counted, and its own failure kept apart from the store's. */
export type MeasuredContent = {
  readonly chunks: AsyncIterable<Buffer>;
  /** Once all of it was read. */
  result(): StoredFile;
  /** What to tell about an error met while storing: the content's own, or that the store refused. */
  failureOf(error: unknown): unknown;
};

export function measured(content: AsyncIterable<string | Uint8Array>): MeasuredContent {
  const hash = createHash('sha256');
  let byteSize = 0;
  let own: { error: unknown } | null = null;
  async function* chunks() {
    try {
      for await (const chunk of content) {
        const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
        hash.update(bytes);
        byteSize += bytes.length;
        yield bytes;
      }
    } catch (error) {
      own = { error };
      throw error;
    }
  }
  return {
    chunks: chunks(),
    result: () => ({ byteSize, sha256: hash.digest('hex') }),
    failureOf: (error) => (own === null ? storeUnavailable(error) : own.error),
  };
}

export function storeUnavailable(cause: unknown): ReportFailure {
  return new ReportFailure('STORE_UNAVAILABLE', 'The file could not be stored', { cause });
}
