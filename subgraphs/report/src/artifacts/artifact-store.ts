import type { Readable } from 'node:stream';

import type { ByteRange } from './byte-range.ts';

/** Where report files are. A key is `<report id>/<attempt>-<artifact id>.<extension>`. */
export type ArtifactStore = {
  /**
   * Stores a whole file or nothing, a bounded part of it in memory. Throws STORE_UNAVAILABLE when the
   * store refuses, and what `content` throws as it is.
   */
  write(key: string, content: AsyncIterable<string | Uint8Array>): Promise<StoredFile>;
  /** All of a file or a range of it; null when there is none. */
  read(key: string, range?: ByteRange): Promise<Readable | null>;
  /** The keys of a report, those of lost attempts included. */
  keysOf(reportId: string): Promise<string[]>;
  /** Done as well when there is no such file. */
  remove(key: string): Promise<void>;
  /** Throws when the store cannot be written to. */
  check(): Promise<void>;
};

export type StoredFile = { readonly byteSize: number; readonly sha256: string };

/** Ours alone: no way up, nothing hidden. */
export const KEY_PATTERN = /^[0-9a-f-]{36}(\/[0-9a-z][0-9a-z.-]*)?$/;

/** Throws unless it is a key, or the report id that one begins with. */
export function checkKey(key: string): string {
  if (!KEY_PATTERN.test(key)) throw new TypeError(`Not a key of a report file: ${key}`);
  return key;
}
