import { readFileSync, readdirSync } from 'node:fs';

/** What a process and those that it started have used so far, and hold now. Linux only. */
export type Usage = { cpuMs: number; rssMb: number };

/** The kernel counts in hundredths of a second, on every platform that Node runs on. */
const MS_PER_TICK = 10;
const BYTES_PER_MB = 1_000_000;

/** Of `pid` and its descendants, all their threads included. */
export function usageOf(pid: number): Usage {
  const parents = new Map<number, number>();
  const own = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const fields = statOf(Number(name));
    if (fields === null) continue;
    parents.set(Number(name), Number(fields[1]));
    own.set(Number(name), (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK);
  }
  const family = [...own.keys()].filter((each) => descends(each, pid, parents));
  return {
    cpuMs: family.reduce((sum, each) => sum + (own.get(each) ?? 0), 0),
    rssMb: family.reduce((sum, each) => sum + residentMb(each), 0),
  };
}

/** Fields of /proc/PID/stat from the state on; the name before it may contain spaces. */
function statOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

function descends(pid: number, ancestor: number, parents: ReadonlyMap<number, number>): boolean {
  for (let each: number | undefined = pid; each; each = parents.get(each)) {
    if (each === ancestor) return true;
  }
  return false;
}

function residentMb(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return (Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1_024) / BYTES_PER_MB;
  } catch {
    return 0;
  }
}
