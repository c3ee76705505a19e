import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OWN, contenders, floor } from './contenders/contender.ts';
import type { Contender } from './contenders/contender.ts';
import { type Operation, heavyOperation, smallOperation } from './graph/operations.ts';
import { ask, bodyOf, isRight } from './measure/ask.ts';
import { recordCalls } from './measure/record-calls.ts';
import { type Figures, type Runner, measureInRounds } from './measure/rounds.ts';
import type { Options } from './options.ts';
import { gatewayChart } from './report/gateway-chart.ts';
import { comparisonTable, markdownTables } from './report/tables.ts';
import type { Stage, Started } from './stage.ts';

const OPERATIONS = [heavyOperation, smallOperation];

/** Every gateway over the same subgraphs: right answers first, then what they cost. */
export async function compare(stage: Stage, options: Options): Promise<void> {
  const taking = await startAll(stage, chosen(options));
  const figures: Figures[] = [];
  for (const operation of OPERATIONS) {
    console.log(`\n${operation.name}: ${sizeOf(operation)} kB`);
    const measured = await measureInRounds({
      load: stage.load,
      runners: taking.map((started) => runnerOf(started, operation)),
      operation: operation.name,
      countCalls: stage.countCalls,
      options,
    });
    console.log(`\n${comparisonTable(measured)}\n`);
    figures.push(...measured);
  }
  writeReport(figures, options);
}

/** Equal requests in flight may be shared; different ones, as here, may not. */
function runnerOf({ contender, port, pid }: Started, operation: Operation): Runner {
  const { name, path } = contender;
  return { name, path, port, pid, body: bodyOf(operation), areBytesDistinct: true };
}

function chosen({ only }: Options): Contender[] {
  const all = contenders();
  if (only.length === 0) return [...all];
  return all.filter(({ name }) =>
    only.some((part) => name.toLowerCase().includes(part.toLowerCase())),
  );
}

/** Those who can be started and give the right data; the others are named with the reason. */
async function startAll(stage: Stage, wanted: readonly Contender[]): Promise<Started[]> {
  const taking: Started[] = [];
  for (const contender of wanted) {
    const started = await startOne(stage, contender);
    if (started !== null) taking.push(started);
  }
  const own = taking.find(({ contender }) => contender.name === OWN);
  const bottom = own && (await startOne(stage, await floorOf(stage, own)));
  return bottom ? [...taking, bottom] : taking;
}

async function startOne(stage: Stage, contender: Contender): Promise<Started | null> {
  const leaveOut = (why: string) => {
    console.log(`${contender.name} is left out: ${why}`);
    return null;
  };
  const why = contender.whyNot();
  if (why !== null) return leaveOut(why);
  try {
    const started = await stage.start(contender);
    for (const operation of OPERATIONS) {
      const answer = await ask(started.url, bodyOf(operation));
      if (!isRight(answer, operation)) {
        return leaveOut(`wrong answer to the ${operation.name} query: ${answer.slice(0, 200)}`);
      }
    }
    console.log(`${contender.name} gives the right answers`);
    return started;
  } catch (error) {
    return leaveOut((error as Error).message);
  }
}

async function floorOf(stage: Stage, own: Started): Promise<Contender> {
  const recordings = [];
  for (const operation of OPERATIONS) {
    const recording = await recordCalls(operation, { gateway: own.url, ...stage });
    console.log(`${OWN} makes ${recording.calls.length} calls for the ${operation.name} query`);
    recordings.push(recording);
  }
  const file = join(stage.folder, 'recordings.json');
  writeFileSync(file, JSON.stringify(recordings));
  return floor(file);
}

function writeReport(figures: readonly Figures[], { out, rounds, connections }: Options): void {
  mkdirSync(out, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(out, name), text);
  const note = `Medians of ${rounds} interleaved rounds, ${connections} connections, one gateway process.`;
  write('results.json', `${JSON.stringify(figures, null, 2)}\n`);
  write('gateway.md', markdownTables(figures));
  write('gateway.svg', gatewayChart(figures, { note }));
  console.log(`Written to ${out}`);
}

function sizeOf({ data }: Operation): string {
  return (Buffer.byteLength(JSON.stringify({ data })) / 1_000).toFixed(1);
}
