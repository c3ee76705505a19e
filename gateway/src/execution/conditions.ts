import { failure } from '@quantumroute/ops/failures';
import { Kind, visit } from 'graphql';
import type {
  DirectiveNode,
  DocumentNode,
  OperationDefinitionNode,
  SelectionNode,
  ValueNode,
} from 'graphql';

/** The variables of `@skip` and `@include`, decided. An operation is compiled once for each case. */
export type Conditions = ReadonlyMap<string, boolean>;

/** A variable on which selections depend. */
export type ConditionVariable = { name: string; byDefault: boolean | undefined };

/** The variables on which an operation's selections depend, in the order met. */
export function conditionVariables(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): ConditionVariable[] {
  const names = new Set<string>();
  visit(document, {
    Directive(node) {
      const value = conditionOf(node);
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  const definitions = operation.variableDefinitions ?? [];
  return [...names].flatMap((name) => {
    const definition = definitions.find(({ variable }) => variable.name.value === name);
    if (!definition) return [];
    const { defaultValue: value } = definition;
    return [{ name, byDefault: value?.kind === Kind.BOOLEAN ? value.value : undefined }];
  });
}

/** The case that a request is; throws for a variable that is null where a Boolean is needed. */
export function conditionsFrom(
  needed: readonly ConditionVariable[],
  variables: Readonly<Record<string, unknown>>,
): Conditions {
  return new Map(
    needed.map(({ name, byDefault }) => {
      const value = Object.hasOwn(variables, name) ? variables[name] : byDefault;
      if (typeof value === 'boolean') return [name, value];
      throw failure(
        'BAD_USER_INPUT',
        `Variable "$${name}" decides on a selection: it needs a Boolean`,
      );
    }),
  );
}

/** Whether a selection counts. */
export function isIncluded({ directives = [] }: SelectionNode, conditions: Conditions): boolean {
  return directives.every((directive) => {
    const value = conditionOf(directive);
    if (!value) return true;
    const holds =
      value.kind === Kind.VARIABLE
        ? (conditions.get(value.name.value) ?? false)
        : value.kind === Kind.BOOLEAN && value.value;
    return directive.name.value === 'skip' ? !holds : holds;
  });
}

function conditionOf({ name, arguments: given = [] }: DirectiveNode): ValueNode | undefined {
  if (name.value !== 'skip' && name.value !== 'include') return undefined;
  return given.find((argument) => argument.name.value === 'if')?.value;
}
