import { spawn } from 'node:child_process';
import { inProject } from './project.ts';

/** `npm run test:chaos -- reports`, `-- kafka`, `-- live`, `-- execution`: tests that take minutes, which `npm test` leaves out. */
const SCENARIOS: Readonly<Record<string, readonly string[]>> = {
  reports: ['chaos', 'crash', 'stop'].map((name) => `subgraphs/report/src/worker/${name}.test.ts`),
  live: ['perf/live/chaos/live-chaos.test.ts'],
  kafka: [
    'subgraphs/report/src/queue/kafka-queue.test.ts',
    'subgraphs/report/src/worker/pipeline.test.ts',
    'subgraphs/route/src/outbox/event-relay.test.ts',
  ],
  execution: ['gateway/test/execution/random.test.ts'],
};

const [name = ''] = process.argv.slice(2);
const files = SCENARIOS[name];
if (files === undefined) {
  console.error(`Needs one of ${Object.keys(SCENARIOS).join(', ')}, got "${name}".`);
  process.exit(1);
}
const child = spawn(
  process.execPath,
  [inProject('ops/local/test.ts'), ...files.map((file) => inProject(file))],
  {
    env: { ...process.env, CHAOS: 'full' },
    stdio: 'inherit',
  },
);
child.once('exit', (code) => process.exit(code ?? 1));
