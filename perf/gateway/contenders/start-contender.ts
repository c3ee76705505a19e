import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { guardOfThisProcess } from '@quantumroute/ops/local/guard';
import type { Command } from './contender.ts';

/** A process that the bench has started. */
export type Running = {
  pid: number;
  stop(): Promise<void>;
};

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5_000;

/** Starts a program and waits until `isReady`; rejects with its last words when it ends before. */
export async function startProgram(
  { program, parameters, env = {} }: Command,
  { cwd, isReady }: { cwd: string; isReady(): Promise<boolean> },
): Promise<Running> {
  const child = spawn(program, [...parameters], {
    cwd,
    env: { ...inherited(), NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what it starts ends with it.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  let lastWords = '';
  const listen = (part: Buffer) => (lastWords = (lastWords + part.toString()).slice(-2_000));
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  child.once('error', ({ message }) => (lastWords = message));
  const { pid } = child;
  if (pid !== undefined) guardOfThisProcess().watch(pid);
  const stop = async () => {
    if (pid === undefined) return;
    endGroup(pid, 'SIGTERM');
    await Promise.race([ended, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    endGroup(pid, 'SIGKILL');
    guardOfThisProcess().forget(pid);
  };
  const deadline = Date.now() + READY_TIMEOUT_MS;
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  while (!(await isReady())) {
    if (hasEnded || Date.now() > deadline) {
      await stop();
      throw new Error(lastWords.trim() || `not ready after ${READY_TIMEOUT_MS / 1_000} s`);
    }
    await sleep(100);
  }
  return { pid: pid as number, stop };
}

/** Whoever started the bench may have settings of his own. */
function inherited(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: process.env['HOME'] };
}

function endGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}
