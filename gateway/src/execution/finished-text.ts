import type { FormattedExecutionResult } from 'graphql';

/** Data of an answer that are JSON already. They go through Apollo Server as they are. */
export class FinishedText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** For those who want to look inside, such as the response cache. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

/** Writes a result whose data may be finished: Apollo Server's `stringifyResult`. */
export function stringifyResult(result: FormattedExecutionResult): string {
  const { data } = result;
  if (!(data instanceof FinishedText)) return `${JSON.stringify(result)}\n`;
  const { data: _data, ...others } = result;
  const rest = JSON.stringify(others);
  return rest === '{}' ? `{"data":${data.text}}\n` : `{"data":${data.text},${rest.slice(1)}\n`;
}

/** The result with its data as objects. */
export function withPlainData(result: FormattedExecutionResult): FormattedExecutionResult {
  const { data } = result;
  if (!(data instanceof FinishedText)) return result;
  return { ...result, data: data.toJSON() as FormattedExecutionResult['data'] };
}
