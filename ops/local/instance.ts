import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandOf, endProcess } from './orphan.ts';
import { inProject } from './project.ts';

/** The claim of one `npm start` on the project's folder. */
export type Instance = {
  /** Adds processes that the next start ends if this one is killed. */
  record(pids: readonly number[]): void;
  /** Tells other commands where the database is. */
  recordDatabase(url: string): void;
  release(): void;
};

/** Thrown when the stack runs already. */
export class AlreadyRunningError extends Error {}

/**
 * Claims `directory` for this process. If the last owner was killed, what it left running is ended
 * first. Throws an `AlreadyRunningError` when the owner is alive.
 */
export async function claimInstance(directory: string, gatewayUrl: string): Promise<Instance> {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'instance.json');
  const earlier = readClaim(file);
  if (earlier) await endLeftovers(earlier);
  const claim: Claim = { owner: process.pid, gatewayUrl, pids: [] };
  const save = () => writeFileSync(file, JSON.stringify(claim), { mode: 0o600 });
  save();
  return {
    record(pids) {
      claim.pids.push(...pids);
      save();
    },
    recordDatabase(url) {
      claim.databaseUrl = url;
      save();
    },
    release: () => rmSync(file, { force: true }),
  };
}

/** The database of the `npm start` that runs in `directory`; null when none does. */
export function runningDatabaseUrl(directory: string): string | null {
  const claim = readClaim(join(directory, 'instance.json'));
  return claim && isRunning(claim) ? (claim.databaseUrl ?? null) : null;
}

type Claim = { owner: number; gatewayUrl: string; databaseUrl?: string; pids: number[] };

const isRunning = ({ owner }: Claim): boolean => commandOf(owner).includes('ops/local/start');

/** Null for none, and for one that was cut off while it was written, such as by a full disk. */
function readClaim(file: string): Claim | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Claim;
  } catch {
    return null;
  }
}

/** Process numbers are reused: only what runs a program of this project is ours to end. */
async function endLeftovers(claim: Claim): Promise<void> {
  const { owner, gatewayUrl, pids } = claim;
  if (isRunning(claim)) {
    throw new AlreadyRunningError(
      `quantumroute runs here already (process ${owner}), at ${gatewayUrl}. Stop it with Ctrl-C there, or: kill ${owner}`,
    );
  }
  const ours = pids.filter((pid) => commandOf(pid).includes(inProject('')));
  await Promise.all(
    ours.map(async (pid) => {
      if (!(await endProcess(pid, 'SIGTERM', 5_000))) await endProcess(pid, 'SIGKILL', 5_000);
    }),
  );
}
