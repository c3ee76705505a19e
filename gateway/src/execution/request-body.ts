import { toByteText } from '../byte-text.ts';
import type { ByteText } from '../byte-text.ts';

type Variables = Readonly<Record<string, unknown>>;

/** The beginning of every request of a fetch: its document. */
export function headOf(document: string): ByteText {
  return toByteText(`{"query":${JSON.stringify(document)},"variables":{`);
}

/**
 * The body of a request with the variables that its document uses. With the name of a last
 * variable it ends before that one's value.
 */
export function bodyOf(
  head: ByteText,
  variables: Variables,
  used: readonly string[] = [],
  last?: string,
): ByteText {
  let body: string = head;
  let separator = '';
  for (const name of used) {
    const text = Object.hasOwn(variables, name) ? JSON.stringify(variables[name]) : undefined;
    if (text === undefined) continue;
    body += `${separator}"${name}":${toByteText(text)}`;
    separator = ',';
  }
  const whole = last === undefined ? `${body}}}` : `${body}${separator}"${last}":`;
  return whole as ByteText;
}
