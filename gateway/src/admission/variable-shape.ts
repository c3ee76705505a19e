/**
 * What rights and cost can depend on: which variables are there, of which kinds, and the values of
 * those that are numbers (the sizes of lists) or booleans (conditions). Equal for variables that
 * only name other things, and for no others.
 */
export function shapeOf(variables: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(
    Object.entries(variables).map(([name, value]) => [
      name,
      isDecisive(value) ? value : kindOf(value),
    ]),
  );
}

function isDecisive(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

/** Null for null, lists and objects of kinds, and one word for whatever is a leaf. */
function kindOf(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(kindOf);
  if (typeof value !== 'object') return 'leaf';
  return Object.entries(value).map(([name, inner]) => ({ [name]: kindOf(inner) }));
}
