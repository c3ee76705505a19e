// node schema/manifests.ts [--check]: checks the clients' operations against the committed
// supergraph, then writes manifests/<client>.json, or checks that each is fresh.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { checkOperations } from './contract/check-operations.ts';
import { readClients, readOperations } from './contract/client-operations.ts';
import { readSupergraph } from './contract/composition.ts';
import { manifestOf } from './contract/manifest.ts';

const folder = new URL('./manifests/', import.meta.url);

function main(options: { check: boolean }): void {
  const operations = readClients().flatMap(readOperations);
  const faults = checkOperations(readSupergraph(), operations);
  if (faults.length > 0) return fail(faults.join('\n'));
  const fresh = freshManifests();
  const stale = [...fresh].filter(([file, text]) => text !== read(file)).map(([file]) => file);
  const orphans = present().filter((file) => !fresh.has(file));
  const changes = [...stale, ...orphans].join(', ');
  if (changes === '') return console.log(`${operations.length} operations, manifests are fresh.`);
  if (options.check) return fail(`Not fresh: ${changes}. Run: node schema/manifests.ts`);
  mkdirSync(folder, { recursive: true });
  for (const file of stale) writeFileSync(new URL(file, folder), fresh.get(file) ?? '');
  for (const file of orphans) rmSync(new URL(file, folder));
  console.log(`Wrote ${changes}.`);
}

function freshManifests(): Map<string, string> {
  return new Map(
    readClients().map((client) => [
      `${client}.json`,
      `${JSON.stringify(manifestOf(readOperations(client)), null, 2)}\n`,
    ]),
  );
}

function present(): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string | null {
  return present().includes(file) ? readFileSync(new URL(file, folder), 'utf8') : null;
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}

main({ check: process.argv.includes('--check') });
