import { createHash } from 'node:crypto';
import type { ClientOperation } from './client-operations.ts';

/** Apollo's persisted-query manifest, version 1. */
export type Manifest = {
  format: 'apollo-persisted-query-manifest';
  version: 1;
  operations: { id: string; name: string; type: ClientOperation['type']; body: string }[];
};

/** The manifest of a client: operations by name, ids the SHA-256 (hex) of the bodies. */
export function manifestOf(operations: readonly ClientOperation[]): Manifest {
  return {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: operations.map(({ name, type, body }) => ({
      id: createHash('sha256').update(body).digest('hex'),
      name,
      type,
      body,
    })),
  };
}
