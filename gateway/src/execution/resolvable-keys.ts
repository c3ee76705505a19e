import { Kind, visit } from 'graphql';
import type {
  ConstDirectiveNode,
  DocumentNode,
  InterfaceTypeDefinitionNode,
  ObjectTypeDefinitionNode,
} from 'graphql';

/**
 * The planner sends an entity back to the subgraph that it is in by the first key of its type that
 * is at hand there, even if that subgraph finds nothing by it. So those by which it does come first.
 */
export function resolvableKeysFirst(supergraph: DocumentNode): DocumentNode {
  return visit(supergraph, {
    ObjectTypeDefinition: { enter: reordered },
    InterfaceTypeDefinition: { enter: reordered },
  });
}

type TypeDefinition = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/** Undefined, as `visit` wants it, where the order is right already. */
function reordered<T extends TypeDefinition>(definition: T): T | undefined {
  const { directives = [] } = definition;
  const ordered = [
    ...directives.filter((directive) => !isUnresolvable(directive)),
    ...directives.filter(isUnresolvable),
  ];
  const isSame = ordered.every((directive, index) => directive === directives[index]);
  return isSame ? undefined : { ...definition, directives: ordered };
}

function isUnresolvable({ name, arguments: given = [] }: ConstDirectiveNode): boolean {
  if (name.value !== 'join__type') return false;
  return given.some(
    (it) => it.name.value === 'resolvable' && it.value.kind === Kind.BOOLEAN && !it.value.value,
  );
}
