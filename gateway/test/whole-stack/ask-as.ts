import assert from 'node:assert/strict';
import type { TestStack } from '@quantumroute/ops/local/testing';
import { ask } from '../small-graph/ask.ts';
import type { Answer, Question } from '../small-graph/ask.ts';

/** Asks the gateway of a whole stack as one of its demo callers. */
export function askAs(stack: TestStack, who: string, question: Question): Promise<Answer> {
  const { header } = stack.credentials[who] ?? assert.fail(`no credential ${who}`);
  const headers = { ...question.headers, [header.name]: header.value };
  return ask(stack.urls.gateway, { ...question, headers });
}

/** The data of an answer that has no errors. */
export async function dataFor(
  stack: TestStack,
  who: string,
  question: Question,
): Promise<Record<string, unknown>> {
  const { data, errors } = await askAs(stack, who, question);
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data ?? assert.fail('no data');
}

/** The bearer token of a demo caller. */
export function tokenOf(stack: TestStack, who: string): string {
  const { header } = stack.credentials[who] ?? assert.fail(`no credential ${who}`);
  return header.value.replace('Bearer ', '');
}

/** What is at the end of a path; undefined when the path ends before. */
export function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (inside, name) => (inside as Record<string, unknown> | null | undefined)?.[name],
    value,
  );
}
