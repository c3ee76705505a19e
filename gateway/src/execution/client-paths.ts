import type { GraphQLSchema } from 'graphql';
import { compositeTypeOf } from './client-selection.ts';
import type { ClientField, ClientSelection, ClientSelections } from './client-selection.ts';

export type Path = readonly (string | number)[];

/** Translates a path of internal names into that which it is for the client. */
export type ClientPaths = (path: Path) => Path;

/** Paths as the client knows them. What he did not ask for ends the path. */
export function clientPaths(selections: ClientSelections, schema: GraphQLSchema): ClientPaths {
  return (path) => {
    const translated: (string | number)[] = [];
    let fields: readonly ClientField[] = selections.root.fields;
    for (const part of path) {
      if (typeof part === 'number') {
        translated.push(part);
        continue;
      }
      const same = fields.filter(({ internalName }) => internalName === part);
      const [first] = same;
      if (!first) break;
      translated.push(first.key);
      fields = fieldsWithin(same, { selections, schema });
    }
    return translated;
  };
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
