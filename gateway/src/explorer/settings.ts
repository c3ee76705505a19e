import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Manifests } from '../admission/manifests.ts';
import { examplesFor, lookupsFor } from './examples.ts';
import type { Caller, Settings } from './page/settings.ts';

/** Everybody whom the page offers to call as: those of the file, then nobody. */
export async function readSettings({
  graphqlPath,
  credentialsFile,
  manifests,
}: {
  graphqlPath: string;
  credentialsFile: string | undefined;
  manifests: Manifests;
}): Promise<Settings> {
  const credentials = credentialsFile ? await readCredentials(credentialsFile) : [];
  const callers = [...credentials, NOBODY].map((credential): Caller => ({
    ...credential,
    examples: examplesFor(credential, manifests),
    lookups: lookupsFor(credential, manifests),
  }));
  return { graphqlPath, callers };
}

const credentialsSchema = z.object({
  credentials: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      kind: z.enum(['user', 'driver', 'partner']),
      header: z.object({ name: z.string(), value: z.string() }),
      scopes: z.array(z.string()),
    }),
  ),
});

const NOBODY = {
  id: 'nobody',
  label: 'Nobody (public fields)',
  kind: 'anonymous',
  header: null,
  scopes: [],
} as const;

async function readCredentials(file: string) {
  return credentialsSchema.parse(JSON.parse(await readFile(file, 'utf8'))).credentials;
}
