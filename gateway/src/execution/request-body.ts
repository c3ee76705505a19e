type Variables = Readonly<Record<string, unknown>>;

/** The beginning of every request of a fetch: its document. */
export function headOf(document: string): string {
  return `{"query":${JSON.stringify(document)},"variables":{`;
}

/**
 * The body of a request with the variables that its document uses. With the name of a last
 * variable it ends before that one's value.
 */
export function bodyOf(
  head: string,
  variables: Variables,
  used: readonly string[] = [],
  last?: string,
): string {
  let body = head;
  let separator = '';
  for (const name of used) {
    const text = Object.hasOwn(variables, name) ? JSON.stringify(variables[name]) : undefined;
    if (text === undefined) continue;
    body += `${separator}"${name}":${text}`;
    separator = ',';
  }
  return last === undefined ? `${body}}}` : `${body}${separator}"${last}":`;
}
