/** A key of a field with arguments: which parent, and the arguments. */
export type ByArguments<Arguments> = { id: string; args: Arguments };

/**
 * Loads a field with arguments for many parents: one call of `load` for each distinct set of
 * arguments, however many parents ask. Arguments are compared by their JSON.
 */
export async function batchByArguments<Arguments, V>(
  keys: readonly ByArguments<Arguments>[],
  load: (ids: readonly string[], args: Arguments) => Promise<Map<string, V>>,
): Promise<(V | null)[]> {
  const groups = Map.groupBy(keys, ({ args }) => JSON.stringify(args));
  const loaded = await Promise.all(
    [...groups].map(async ([text, [first, ...others]]) => {
      const ids = [first, ...others].flatMap((key) => key?.id ?? []);
      return [text, first ? await load(ids, first.args) : null] as const;
    }),
  );
  const values = new Map(loaded);
  return keys.map(({ id, args }) => values.get(JSON.stringify(args))?.get(id) ?? null);
}
