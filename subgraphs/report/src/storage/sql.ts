/** A piece of SQL with its values; `?` marks a value, so no other question mark may appear. */
export type Sql = { readonly text: string; readonly values: readonly SqlValue[] };

export type SqlValue = string | number | boolean | null;

/**
 * Composes SQL: pieces are put in as they are, everything else becomes a value, never text. The same
 * statement runs through the entity manager and, numbered, on a worker's own connection.
 */
export function sql(strings: TemplateStringsArray, ...parts: readonly (Sql | SqlValue)[]): Sql {
  let text = strings[0] ?? '';
  const values: SqlValue[] = [];
  for (const [index, part] of parts.entries()) {
    const piece = isSql(part) ? part : { text: '?', values: [part] };
    text += piece.text + (strings[index + 1] ?? '');
    values.push(...piece.values);
  }
  return { text, values };
}

/** SQL text of our own source, without values. Never pass what came from outside. */
export function raw(text: string): Sql {
  return { text, values: [] };
}

export function join(pieces: readonly Sql[], separator: string): Sql {
  return {
    text: pieces.map(({ text }) => text).join(separator),
    values: pieces.flatMap(({ values }) => values),
  };
}

/** The text with `$1 … $n`, as the PostgreSQL protocol wants it. */
export function numbered({ text }: Sql): string {
  let count = 0;
  return text.replaceAll('?', () => `$${(count += 1)}`);
}

function isSql(part: Sql | SqlValue): part is Sql {
  return typeof part === 'object' && part !== null;
}
