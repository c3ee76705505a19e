/** What a dotted path of an answer leads to; throws when that is nothing. */
export function proofIn(data: unknown, path: string): unknown {
  let value = data;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | null)?.[key];
  if (value == null) throw new Error(`The answer has no ${path}: ${JSON.stringify(data)}`);
  return value;
}

/** How many items a proof stands for; null when it is neither a list nor a number. */
export function itemsOf(proof: unknown): number | null {
  if (Array.isArray(proof)) return proof.length;
  return typeof proof === 'number' ? proof : null;
}
