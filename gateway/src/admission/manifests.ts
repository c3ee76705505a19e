import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { failure } from '@quantumroute/ops/failures';
import { z } from 'zod';
import type { Caller } from '../identity/caller.ts';

/** Client name -> id of an operation -> its document. */
export type Manifests = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** What a request says about its document. */
export type DocumentRequest = { query?: string | undefined; hash?: string | undefined };

/** Reads `<client>.json` files in the format of Apollo's persisted-query manifests. */
export async function readManifests(folder: string): Promise<Manifests> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  const entries = files.map(async (file) => {
    const { operations } = manifestFile.parse(
      JSON.parse(await readFile(join(folder, file), 'utf8')) as unknown,
    );
    const documents = new Map(operations.map(({ id, body }) => [id, body]));
    return [basename(file, '.json'), documents] as const;
  });
  return new Map(await Promise.all(entries));
}

/**
 * The registered document that a request asks for, by hash or by its text; undefined when there is
 * none and the caller is free to send his own. Throws PERSISTED_QUERY_REQUIRED for partners, who may
 * run nothing but what is registered for their client.
 */
export function registeredDocument(
  manifests: Manifests,
  { identity, client }: Caller,
  request: DocumentRequest,
): string | undefined {
  if (identity.kind !== 'partner') {
    return request.query === undefined ? findInAll(manifests, request) : undefined;
  }
  const manifest = client === null ? undefined : manifests.get(client);
  const document = manifest && findIn(manifest, request);
  if (document !== undefined) return document;
  throw failure(
    'PERSISTED_QUERY_REQUIRED',
    `Partners run the operations registered for their client only; this one is not in the list of ${client ?? 'any client'}`,
  );
}

const manifestFile = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string().min(1) })),
});

function findInAll(manifests: Manifests, request: DocumentRequest): string | undefined {
  for (const manifest of manifests.values()) {
    const document = findIn(manifest, request);
    if (document !== undefined) return document;
  }
  return undefined;
}

function findIn(
  manifest: ReadonlyMap<string, string>,
  { query, hash }: DocumentRequest,
): string | undefined {
  if (query === undefined) return hash === undefined ? undefined : manifest.get(hash);
  // With both given the text decides: a known hash must not let another text pass.
  const document = manifest.get(createHash('sha256').update(query).digest('hex'));
  if (document === query) return document;
  return [...manifest.values()].find((body) => body === query);
}
