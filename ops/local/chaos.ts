import { spawn } from 'node:child_process';
import { inProject } from './project.ts';

/** `npm run test:chaos -- reports`: a test of faults that takes minutes, which `npm test` leaves out. */
const SCENARIOS: Readonly<Record<string, string>> = {
  reports: 'subgraphs/report/src/worker/chaos.test.ts',
};

const [name = ''] = process.argv.slice(2);
const file = SCENARIOS[name];
if (file === undefined) {
  console.error(`Needs one of ${Object.keys(SCENARIOS).join(', ')}, got "${name}".`);
  process.exit(1);
}
const child = spawn(process.execPath, [inProject('ops/local/test.ts'), inProject(file)], {
  env: { ...process.env, CHAOS: 'full' },
  stdio: 'inherit',
});
child.once('exit', (code) => process.exit(code ?? 1));
