import { OWN, contenders } from './contenders/contender.ts';
import { smallOperation } from './graph/operations.ts';
import { bodyOf } from './measure/ask.ts';
import { usageOf } from '../process-usage.ts';
import type { Options } from './options.ts';
import { textTable } from '../planner/report/text-table.ts';
import type { Stage, Started } from './stage.ts';

const DISTINCT = 100_000;
const EQUAL = 1_000_000;
const PARTS = 10;
/** Full caches and a compiler that is done are no leak: the first parts may grow. */
const SETTLED_PARTS = 4;
const MOST_GROWTH = 0.1;

/** Whether our gateway keeps anything of requests that are over: of distinct ones, of equal ones. */
export async function measureMemory(stage: Stage, options: Options): Promise<void> {
  const own = contenders().find(({ name }) => name === OWN);
  if (own === undefined) throw new Error(`Needs ${OWN}`);
  const started = await stage.start(own);
  const equal = { body: bodyOf(smallOperation), requests: EQUAL };
  const distinct = { body: null, requests: DISTINCT };
  await run('distinct operations', { stage, started, options, ...distinct });
  await run('equal requests', { stage, started, options, ...equal });
}

async function run(
  what: string,
  {
    stage: { load },
    started: { port, pid, contender },
    options: { connections },
    body,
    requests,
  }: {
    stage: Stage;
    started: Started;
    options: Options;
    body: string | null;
    requests: number;
  },
): Promise<void> {
  const part = requests / PARTS;
  const sizes: number[] = [];
  for (let index = 0; index < PARTS; index += 1) {
    const { failed } = await load.run({
      port,
      path: contender.path,
      connections,
      body,
      requests: part,
      firstNumber: index * part,
    });
    if (failed > 0) throw new Error(`${failed} of ${part} requests failed`);
    sizes.push(usageOf(pid).rssMb);
    console.log(
      `  ${(part * (index + 1)).toLocaleString('en')} ${what}: ${megabytes(sizes.at(-1))}`,
    );
  }
  const settled = Math.max(...sizes.slice(0, SETTLED_PARTS));
  const later = Math.max(...sizes.slice(SETTLED_PARTS));
  const growth = later / settled - 1;
  console.log(
    textTable([
      [what, `after ${SETTLED_PARTS * 10} %`, 'most afterwards', 'growth', 'target: flat'],
      [
        requests.toLocaleString('en'),
        megabytes(settled),
        megabytes(later),
        `${(growth * 100).toFixed(1)} %`,
        growth <= MOST_GROWTH ? 'reached' : 'MISSED',
      ],
    ]),
  );
}

function megabytes(size: number | undefined): string {
  return `${Math.round(size ?? 0)} MB`;
}
