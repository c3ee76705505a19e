import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readConfig } from '@quantumroute/ops/local/local-settings';
import { credentialsFile } from '@quantumroute/ops/local/service-environment';
import type { Credential } from './client.ts';
import { gatewayForDemo } from './running-stack.ts';
import { tellStory } from './story.ts';

/** `npm run demo`: the whole story in a terminal, beside a running `npm start` or with its own. */
const unread = new AbortController();
process.stdout.on('error', () => unread.abort(new Error('nobody reads what it prints')));
await using gateway = await gatewayForDemo(unread.signal);
try {
  await Promise.race([tellStory({ gatewayUrl: gateway.url, ...cast() }), rejection(unread.signal)]);
  process.stdout.write('\n');
} catch (error) {
  process.stderr.write(`\nThe demo stopped: ${(error as Error).message}\n`);
  process.exitCode = 1;
}

/** Rejects with the reason of an abort. */
async function rejection(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}

function cast() {
  const file = credentialsFile(readConfig(process.env).directory);
  const { credentials } = JSON.parse(readFileSync(file, 'utf8')) as { credentials: Credential[] };
  const byKind = (kind: string) => credentials.filter((credential) => credential.kind === kind);
  const dispatcher = credentials.find(({ id }) => id === 'dispatcher');
  const analyst = credentials.find(({ id }) => id === 'analyst');
  const [partner] = byKind('partner');
  if (!dispatcher || !analyst || !partner) {
    throw new Error('the demo credentials lack a dispatcher, an analyst or a partner');
  }
  return { dispatcher, analyst, partner, drivers: byKind('driver') };
}
