import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { World } from './data/world.ts';
import { largest, PERIOD } from './data/world.ts';
import type { StepResult } from './measure/run-step.ts';
import { runStep } from './measure/run-step.ts';
import { assertSameRows } from './measure/same-rows.ts';
import { stepChart } from './print/step-chart.ts';
import { markdownTable, planTable, stepTable } from './print/tables.ts';
import type { Step } from './steps/step.ts';
import { stepsFor } from './steps/steps.ts';

const TIMEOUT_MS = 120_000;

/** Runs every step, holds their answers against each other, prints and writes what came out. */
export async function benchSteps(
  url: string,
  world: World,
  { out }: { out: string },
): Promise<void> {
  mkdirSync(out, { recursive: true });
  const client = new Client({ connectionString: url, statement_timeout: TIMEOUT_MS });
  await client.connect();
  try {
    const size = await sizeOf(client, largest(world).id);
    console.log(size);
    const results = await runAll(client, stepsFor(largest(world)));
    console.log(`\n${stepTable(results)}\n\n${planTable(results)}`);
    write(out, 'results.json', `${JSON.stringify(plain(size, results), null, 2)}\n`);
    write(out, 'steps.md', markdownTable(results));
    const title = 'A driver-by-day report, from how it was to how it is';
    write(out, 'steps.svg', stepChart(results, { title, note: size }));
  } finally {
    await client.end();
  }
}

async function runAll(client: Client, steps: readonly Step[]): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) {
    process.stdout.write(`${step.name} … `);
    const result = await runStep(client, step);
    console.log(`${result.medianMs.toFixed(1)} ms`);
    const same = results.find((earlier) => earlier.step.question === step.question);
    if (same !== undefined) assertSameRows(same.rows, result.rows);
    results.push(result);
  }
  return results;
}

async function sizeOf(client: Client, organizationId: string): Promise<string> {
  const { rows } = await client.query<Record<'stops' | 'events' | 'wanted', number>>(
    `select (select count(*) from bench.stops)::float8 as stops,
       (select count(*) from bench.stop_events)::float8 as events,
       (select sum(stops) from report.depot_days where organization_id = $1
         and service_date between $2 and $3)::float8 as wanted`,
    [organizationId, PERIOD.from, PERIOD.to],
  );
  const { stops = 0, events = 0, wanted = 0 } = rows[0] ?? {};
  const text = (count: number) => count.toLocaleString('en');
  return `${text(stops)} stops, ${text(events)} events; asked about ${text(wanted)} stops of two months`;
}

function plain(size: string, results: readonly StepResult[]) {
  return {
    at: new Date().toISOString(),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    size,
    steps: results.map(({ step, rows, ...figures }) => ({
      name: step.name,
      rows: rows.length,
      ...figures,
    })),
  };
}

function write(out: string, name: string, text: string): void {
  const file = join(out, name);
  writeFileSync(file, text);
  console.log(file);
}
