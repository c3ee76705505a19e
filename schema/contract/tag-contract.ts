import {
  GraphQLError,
  Kind,
  TypeInfo,
  getNamedType,
  isScalarType,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type {
  ASTNode,
  ConstDirectiveNode,
  DocumentNode,
  GraphQLInputType,
  GraphQLSchema,
} from 'graphql';

type Maybe<T> = T | null | undefined;

/** An AST node that can carry directives, as graphql-js keeps it on types and fields. */
export type Annotated = Maybe<{ directives?: readonly ConstDirectiveNode[] | undefined }>;

/**
 * What of a document is outside the contract that `tag` names. A field is inside when it carries
 * the tag, or when its type does and the field is not tagged `internal`. The input types and enums
 * that it takes must carry the tag. `schema` is the supergraph's schema with its directives.
 */
export function outsideOfContract(
  schema: GraphQLSchema,
  document: DocumentNode,
  tag: string,
): GraphQLError[] {
  const errors: GraphQLError[] = [];
  const refuse = (name: string, node: ASTNode): void => {
    errors.push(new GraphQLError(`${name} is outside of the contract "${tag}"`, { nodes: node }));
  };
  const info = new TypeInfo(schema);
  const visitor = visitWithTypeInfo(info, {
    Field(node) {
      const parent = info.getParentType();
      const field = info.getFieldDef();
      if (!parent || !field || field.name.startsWith('__')) return;
      const byType = hasTag(parent.astNode, tag) && !hasTag(field.astNode, 'internal');
      if (!byType && !hasTag(field.astNode, tag)) refuse(`${parent.name}.${field.name}`, node);
    },
    Argument(node) {
      const outside = untaggedInput(info.getInputType(), tag);
      if (outside !== null) refuse(outside, node);
    },
  });
  visit(document, visitor);
  return errors;
}

/** True when the node carries `@tag(name: tag)`. */
export function hasTag(node: Annotated, tag: string): boolean {
  return (node?.directives ?? []).some(
    (directive) =>
      directive.name.value === 'tag' &&
      directive.arguments?.some(
        ({ name, value }) =>
          name.value === 'name' && value.kind === Kind.STRING && value.value === tag,
      ),
  );
}

function untaggedInput(type: Maybe<GraphQLInputType>, tag: string): string | null {
  const named = type ? getNamedType(type) : null;
  if (named === null || isScalarType(named)) return null;
  return hasTag(named.astNode, tag) ? null : named.name;
}
