import type { FetchNode } from '@apollo/query-planner';
import { haveCommon } from './name-sets.ts';
import { typeNamesOf } from './schemas.ts';
import type { Schemas } from './schemas.ts';

/** A field that the planner gave another key, because two fields of one place do not merge. */
export type Rename = {
  /** Keys from here to the field, itself included. */
  path: readonly string[];
  /** The types of the objects that have it; null: whatever they are. */
  types: ReadonlySet<string> | null;
  to: string;
};

/** The renames of a fetch. Planners that rewrite answers in any other way are not known. */
export function renamesOf({ outputRewrites = [] }: FetchNode, schemas: Schemas): Rename[] {
  return outputRewrites.map((rewrite) => {
    if (rewrite.kind !== 'KeyRenamer') throw new Error(`The rewrite ${rewrite.kind} is not known`);
    const last = rewrite.path.findLastIndex((part, index) => {
      return part.startsWith(ON_TYPE) && index < rewrite.path.length - 1;
    });
    const keys = rewrite.path.filter((part) => !part.startsWith(ON_TYPE));
    const condition = last === rewrite.path.length - 2 ? rewrite.path[last] : undefined;
    const types = condition ? typeNamesOf(schemas, condition.slice(ON_TYPE.length)) : null;
    return { path: keys, types, to: rewrite.renameKeyTo };
  });
}

const ON_TYPE = '... on ';

/** The key that a field has in the end. */
export function renamesAt(
  renames: readonly Rename[],
  { key, types }: { key: string; types: ReadonlySet<string> | null },
): string {
  const rename = renames.find(
    (it) =>
      it.path.length === 1 &&
      it.path[0] === key &&
      (it.types === null || types === null || haveCommon(it.types, types)),
  );
  return rename?.to ?? key;
}

/** The renames within the objects of a field. */
export function renamesWithin(renames: readonly Rename[], key: string): Rename[] {
  return renames.flatMap((rename) => {
    const [head, ...path] = rename.path;
    return head === key && path.length > 0 ? [{ ...rename, path }] : [];
  });
}
