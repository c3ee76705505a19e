import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { machineEnvironment } from '@quantumroute/ops/local/testing';

import type { ReportService } from './report-service.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** A worker as operators run it: a process of its own, which a test may end as it likes. */
export type WorkerProcess = {
  readonly pid: number;
  readonly url: string;
  /** As a crash. */
  kill(): Promise<void>;
  /** As an operator; gives the exit code. */
  stop(): Promise<number | null>;
  output(): string;
};

export async function startWorker(
  { env }: Pick<ReportService, 'env'>,
  settings: Record<string, string> = {},
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [MAIN, 'worker'], {
    env: {
      ...machineEnvironment(),
      ...env,
      LOG_LEVEL: 'info',
      REPORT_WORKER_PORT: '0',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const exited = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const ready = /"url":"([^"]+)","msg":"report worker is ready"/.exec(output);
      if (ready?.[1] !== undefined) resolve(ready[1]);
    });
    child.once('exit', () => reject(new Error(`The worker did not start:\n${output}`)));
  });
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    child.kill(signal);
    await exited;
  };
  if (child.pid === undefined) throw new Error('The worker has no process id');
  return {
    pid: child.pid,
    url,
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGTERM');
      return child.exitCode;
    },
    output: () => output,
  };
}
