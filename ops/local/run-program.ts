import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { guardOfThisProcess } from './guard.ts';
import { inProject } from './project.ts';

/**
 * Runs one of the project's programs to its end. Rejects with the end of its output when it fails,
 * and ends it when `signal` is aborted or this process is gone.
 */
export function runProgram({
  program,
  parameters,
  env,
  signal,
  onLine = () => {},
}: {
  /** From the project's root, such as `perf/data/main.ts`. */
  program: string;
  parameters: readonly string[];
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  /** Gets each line that it prints. */
  onLine?: ((line: string) => void) | undefined;
}): Promise<void> {
  const child = spawn(process.execPath, [inProject(program), ...parameters], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal ? { signal } : {}),
  });
  const { pid } = child;
  if (pid !== undefined) guardOfThisProcess().watch(pid);
  let output = '';
  const keep = (text: string) => (output = (output + text).slice(-4_000));
  child.stdout.setEncoding('utf8').on('data', keep);
  createInterface({ input: child.stdout }).on('line', onLine);
  child.stderr.setEncoding('utf8').on('data', keep);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (pid !== undefined) guardOfThisProcess().forget(pid);
      const call = [program, ...parameters].join(' ');
      if (code === 0) resolve();
      else reject(new Error(`${call} failed (exit code ${code ?? '-'}):\n${output.trim()}`));
    });
  });
}
