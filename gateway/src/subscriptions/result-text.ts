import type { FormattedExecutionResult } from 'graphql';

const texts = new WeakMap<FormattedExecutionResult, string>();

/**
 * A result as JSON, made once however many clients it is sent to: who shares a subscription is given
 * the same object. It must not be changed afterwards.
 */
export function textOf(result: FormattedExecutionResult): string {
  const known = texts.get(result);
  if (known !== undefined) return known;
  const text = JSON.stringify(result);
  texts.set(result, text);
  return text;
}
