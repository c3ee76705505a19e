import type { Readable } from 'node:stream';

/** Where report files are. A key is `<report id>/<attempt>-<artifact id>.<extension>`. */
export type ArtifactStore = {
  /** Stores a whole file or nothing. Throws STORE_UNAVAILABLE when the store refuses. */
  write(key: string, content: AsyncIterable<string | Buffer>): Promise<StoredFile>;
  /** Null when there is no such file. */
  read(key: string): Promise<{ stream: Readable; byteSize: number } | null>;
  /** The keys of a report, those of lost attempts and unfinished files included. */
  keysOf(reportId: string): Promise<string[]>;
  remove(key: string): Promise<void>;
  /** Throws when the store cannot be written to. */
  check(): Promise<void>;
};

export type StoredFile = { readonly byteSize: number; readonly sha256: string };
