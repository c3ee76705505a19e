import type { LintRule, SubgraphTypes } from './subgraph-types.ts';

const marker = '# --- Value types';

/** The value types stand at the end of every subgraph's file, in the same words. */
export const valueTypesAreIdentical: LintRule = (subgraphs) => {
  const [first, ...others] = subgraphs;
  if (first === undefined) return [];
  const expected = valueTypes(first);
  const missing = expected === null ? [`${first.name}: needs a line "${marker} …"`] : [];
  return others
    .filter((subgraph) => valueTypes(subgraph) !== expected)
    .map(({ name }) => `${name}: value types differ from those of ${first.name}`)
    .concat(missing);
};

function valueTypes({ sdl }: SubgraphTypes): string | null {
  const start = sdl.indexOf(marker);
  return start < 0 ? null : sdl.slice(start);
}
