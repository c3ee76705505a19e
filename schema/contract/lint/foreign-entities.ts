import { Kind } from 'graphql';
import type { TypeNode } from 'graphql';
import { directiveOf, fieldsOf, namedType } from './subgraph-types.ts';
import type { FieldedType, LintRule, SubgraphTypes } from './subgraph-types.ts';

/** Each entity is owned by exactly one subgraph: the one where it implements `Node`. */
export const entitiesHaveOneOwner: LintRule = (subgraphs) => {
  const names = new Set(subgraphs.flatMap((subgraph) => entitiesOf(subgraph).map(nameOf)));
  return [...names].flatMap((name) => {
    const owners = subgraphs.filter((subgraph) => owns(subgraph, name)).map((owner) => owner.name);
    if (owners.length === 1) return [];
    return [`${name}: needs one owner that implements Node, got ${owners.join(', ') || 'none'}`];
  });
};

/**
 * A field that leads to another subgraph's entity, or that is contributed to one, is nullable, so
 * that an outage costs that field only.
 */
export const foreignFieldsAreNullable: LintRule = (subgraphs) =>
  subgraphs.flatMap((subgraph) => {
    const foreign = new Set(foreignEntities(subgraph).map(nameOf));
    const leadsAway = unionsOver(subgraph, foreign);
    return [...fieldsOf(subgraph)]
      .filter(({ type, field }) => {
        if (directiveOf(field, 'external') || isKey(type, field.name.value)) return false;
        const outside = foreign.has(nameOf(type)) || leadsAway.has(namedType(field.type));
        return outside && !isNullable(field.type);
      })
      .map(({ at }) => `${at}: needs to be nullable, it depends on another subgraph`);
  });

/** The entities of a subgraph that another one owns. */
export function foreignEntities(subgraph: SubgraphTypes): FieldedType[] {
  return entitiesOf(subgraph).filter((type) => !implementsNode(type));
}

/** True for a field that is part of a key of its type. */
export function isKey(type: FieldedType, field: string): boolean {
  return (type.directives ?? []).some(
    (directive) =>
      directive.name.value === 'key' &&
      directive.arguments?.some(
        ({ value }) => value.kind === Kind.STRING && value.value.split(/\W+/).includes(field),
      ),
  );
}

function unionsOver(subgraph: SubgraphTypes, foreign: ReadonlySet<string>): Set<string> {
  const unions = subgraph.unions
    .filter((union) => union.types?.some((member) => foreign.has(member.name.value)))
    .map((union) => union.name.value);
  return new Set([...foreign, ...unions]);
}

function entitiesOf(subgraph: SubgraphTypes): FieldedType[] {
  return subgraph.types.filter((type) => directiveOf(type, 'key') !== undefined);
}

function owns(subgraph: SubgraphTypes, name: string): boolean {
  return entitiesOf(subgraph).some((type) => nameOf(type) === name && implementsNode(type));
}

function implementsNode(type: FieldedType): boolean {
  return type.interfaces?.some((implemented) => implemented.name.value === 'Node') ?? false;
}

function isNullable(type: TypeNode): boolean {
  if (type.kind === Kind.NON_NULL_TYPE)
    return type.type.kind === Kind.LIST_TYPE && isNullable(type.type);
  return type.kind === Kind.NAMED_TYPE || isNullable(type.type);
}

function nameOf(type: FieldedType): string {
  return type.name.value;
}
