import type { Client } from 'pg';
import { numbered } from '../product.ts';
import type { Step } from '../steps/step.ts';
import type { Explained, PlanSummary } from './plan-summary.ts';
import { summarize } from './plan-summary.ts';

export type StepResult = {
  readonly step: Step;
  /** Of all rounds, in milliseconds: until the last row is here. */
  readonly medianMs: number;
  readonly fastestMs: number;
  readonly rounds: number;
  readonly rows: readonly Record<string, unknown>[];
  readonly plan: PlanSummary;
};

/** Runs a step so often that it is warm, then for its rounds, then once more to see its plan. */
export async function runStep(client: Client, step: Step): Promise<StepResult> {
  const { settings = [] } = step;
  for (const setting of settings) await client.query(`set ${setting}`);
  try {
    const text = numbered(step.statement);
    const values = [...step.statement.values];
    const { rows } = await client.query<Record<string, unknown>>(text, values);
    const took: number[] = [];
    for (let round = 0; round < step.rounds; round += 1) {
      const startedAt = performance.now();
      await client.query(text, values);
      took.push(performance.now() - startedAt);
    }
    const explained = await client.query<{ 'QUERY PLAN': [Explained] }>(
      `explain (analyze, buffers, timing off, format json) ${text}`,
      values,
    );
    const [plan] = explained.rows[0]?.['QUERY PLAN'] ?? [];
    if (plan === undefined) throw new Error(`${step.name}: EXPLAIN gave no plan`);
    const sorted = took.toSorted((one, other) => one - other);
    return {
      step,
      medianMs: sorted[Math.floor(sorted.length / 2)] ?? NaN,
      fastestMs: sorted[0] ?? NaN,
      rounds: step.rounds,
      rows,
      plan: summarize(plan),
    };
  } finally {
    for (const setting of settings) await client.query(`reset ${setting.split(' ')[0]}`);
  }
}
