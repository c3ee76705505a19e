import { runProgram } from './run-program.ts';

/**
 * Loads the demo data (`full`: 30 days of history; `small`: a few days, for tests) into the
 * database of `env`, unless it is there.
 */
export function loadDemoData({
  env,
  size,
  signal,
  onLine,
}: {
  env: NodeJS.ProcessEnv;
  size: 'full' | 'small';
  signal?: AbortSignal;
  /** Hears how it goes on. */
  onLine?: (line: string) => void;
}): Promise<void> {
  const parameters = size === 'small' ? ['--demo', '--small'] : ['--demo'];
  return runProgram({ program: 'perf/data/main.ts', parameters, env, signal, onLine });
}
