import { getDirectiveValues } from 'graphql';
import type { GraphQLSchema } from 'graphql';

/** A field, an argument or whatever else may carry directives; nothing for what was never written. */
export type Definition = Parameters<typeof getDirectiveValues>[1] | null | undefined;

/** Whether a definition carries `@tag` with this name. */
export function isTagged(schema: GraphQLSchema, definition: Definition, name: string): boolean {
  const tag = schema.getDirective('tag');
  if (!tag || !definition) return false;
  return (definition.directives ?? []).some(
    (directive) =>
      directive.name.value === 'tag' &&
      getDirectiveValues(tag, { directives: [directive] })?.['name'] === name,
  );
}
