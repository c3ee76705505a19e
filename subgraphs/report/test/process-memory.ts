import { readFile, writeFile } from 'node:fs/promises';

/** Memory that a process holds, and the most that it has held since it was last told to forget. */
export type ProcessMemory = { readonly nowBytes: number; readonly peakBytes: number };

/** Reads the resident memory of a process; Linux only. */
export async function memoryOf(pid: number): Promise<ProcessMemory> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const bytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
  return { nowBytes: bytes('VmRSS'), peakBytes: bytes('VmHWM') };
}

/** From now on, the peak is that of what comes. */
export async function forgetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
}
