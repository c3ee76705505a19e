import { spawn } from 'node:child_process';
import { inProject } from './project.ts';

/** The rooms that own a PostgreSQL schema, in the order their migrations need. */
export const ROOMS_WITH_STORAGE = ['fleet', 'route', 'report'] as const;

/** One of them. */
export type StorageRoom = (typeof ROOMS_WITH_STORAGE)[number];

/** Runs one room's `main.ts migrate`; throws with the end of its output when it fails. */
export function migrateRoom(room: StorageRoom, env: NodeJS.ProcessEnv): Promise<void> {
  const main = inProject('subgraphs', room, 'src/main.ts');
  const child = spawn(process.execPath, [main, 'migrate'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (text: string) => (output = (output + text).slice(-4000));
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`The migrations of ${room} failed (exit ${code}):\n${output.trim()}`));
    });
  });
}
