import { directiveOf, fieldsOf, isList, namedType, stringsOf } from './subgraph-types.ts';
import type { LintRule, SubgraphTypes } from './subgraph-types.ts';

/**
 * Every list says how long it can be: by `@listSize`, or, for `nodes` of a connection, by the
 * `@listSize(slicingArguments: ["first"], sizedFields: ["nodes"])` of each field that returns it. Of
 * an external field its owner says it.
 */
export const listsAreBounded: LintRule = (subgraphs) =>
  subgraphs.flatMap((subgraph) => {
    const lists = [...fieldsOf(subgraph)].filter(
      ({ type, field }) => isList(field.type) && !isNodes(type.name.value, field.name.value),
    );
    return lists
      .filter(({ field }) =>
        ['listSize', 'external'].every((name) => directiveOf(field, name) === undefined),
      )
      .map(({ at }) => `${at}: is a list and needs @listSize`)
      .concat(unsizedConnections(subgraph));
  });

function unsizedConnections(subgraph: SubgraphTypes): string[] {
  return [...fieldsOf(subgraph)]
    .filter(({ field }) => isConnection(namedType(field.type)))
    .filter(({ field }) => {
      const size = directiveOf(field, 'listSize');
      const slices = stringsOf(size, 'slicingArguments').includes('first');
      const takesFirst = field.arguments?.some(({ name }) => name.value === 'first') ?? false;
      return !slices || !takesFirst || !stringsOf(size, 'sizedFields').includes('nodes');
    })
    .map(
      ({ at }) =>
        `${at}: needs \`first\` and @listSize(slicingArguments: ["first"], sizedFields: ["nodes"])`,
    );
}

function isNodes(type: string, field: string): boolean {
  return field === 'nodes' && isConnection(type);
}

function isConnection(type: string): boolean {
  return type.endsWith('Connection');
}
