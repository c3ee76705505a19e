import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Order, Outcome } from './load.ts';

/** The clients, in a process of their own. */
export type LoadGenerator = {
  run(order: Order): Promise<Outcome>;
  stop(): void;
};

export function startLoadGenerator(): LoadGenerator {
  const child: ChildProcess = fork(fileURLToPath(new URL('load.ts', import.meta.url)));
  return {
    async run(order) {
      child.send(order);
      const [answer] = (await once(child, 'message')) as [Outcome | { error: string }];
      if ('error' in answer) throw new Error(answer.error);
      return answer;
    },
    stop: () => void child.kill(),
  };
}
