import { isObjectType } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { isNode } from './answer-node.ts';
import type { AnswerNode, AnswerValue } from './answer-node.ts';
import { compositeTypeOf } from './client-selection.ts';
import type { ClientField, ClientSelection, ClientSelections } from './client-selection.ts';
import { slotOf } from './slots.ts';

export type Path = readonly (string | number)[];

/** Translates paths of internal names into those which they are for the client. */
export type ClientPaths = {
  /** What he did not ask for ends the path. */
  toClient(path: Path): Path;
  /**
   * The same, by the objects that are there: null for a field that he asked of objects of other types
   * only. Plans may ask for more than that.
   */
  inAnswer(path: Path, root: AnswerNode): Path | null;
};

/** Paths as the client of an operation knows them. */
export function clientPaths(selections: ClientSelections, schema: GraphQLSchema): ClientPaths {
  const translate = (path: Path, root: AnswerNode | undefined): Path | null => {
    const translated: (string | number)[] = [];
    let possible: readonly ClientField[] = selections.root.fields;
    let asked = possible;
    let value: AnswerValue | undefined = root;
    for (const part of path) {
      if (typeof part === 'number') {
        translated.push(part);
        value = Array.isArray(value) ? value[part] : undefined;
        continue;
      }
      const typeName = typeNameOf(value, schema);
      possible = possible.filter(({ internalName }) => internalName === part);
      if (possible.length === 0) break;
      asked = asked.filter(
        ({ internalName, types }) =>
          internalName === part && (typeName === undefined || types.has(typeName)),
      );
      const [first] = asked;
      if (!first) return null;
      translated.push(first.key);
      possible = fieldsWithin(possible, { selections, schema });
      asked = fieldsWithin(asked, { selections, schema });
      value = isNode(value) ? value[slotOf(part)] : undefined;
    }
    return translated;
  };
  return {
    toClient: (path) => translate(path, undefined) ?? [],
    inAnswer: translate,
  };
}

/** The type of an object, if it is known by now. */
function typeNameOf(value: AnswerValue | undefined, schema: GraphQLSchema): string | undefined {
  const name = isNode(value) ? value.t : undefined;
  return name !== undefined && isObjectType(schema.getType(name)) ? name : undefined;
}

function fieldsWithin(
  fields: readonly ClientField[],
  { selections, schema }: { selections: ClientSelections; schema: GraphQLSchema },
): ClientField[] {
  const found = new Set<ClientSelection>();
  for (const field of fields) {
    for (const typeName of field.types) {
      const type = compositeTypeOf(schema, { typeName, field: field.name });
      if (type) found.add(selections.within([field], type));
    }
  }
  return [...found].flatMap((selection) => selection.fields);
}
