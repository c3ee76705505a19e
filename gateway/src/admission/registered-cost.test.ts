import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { Kind, parse, valueFromASTUntyped } from 'graphql';
import type { DocumentNode, FragmentDefinitionNode, OperationDefinitionNode } from 'graphql';
import { policySettings } from '../config.ts';
import { manifestsFolder } from '../supergraph/load-supergraph.ts';
import { readSupergraph } from '../supergraph/supergraph.ts';
import { estimateCost } from './cost.ts';
import { readManifests } from './manifests.ts';

const LARGEST_PAGE = 200;

describe('the default limit of cost', async () => {
  const allowed = policySettings.GATEWAY_MAX_COST.parse(undefined);
  const supergraphFile = new URL(import.meta.resolve('@quantumroute/schema/supergraph.graphql'));
  const { schema } = readSupergraph(await readFile(supergraphFile, 'utf8'));
  for (const [client, manifest] of await readManifests(manifestsFolder())) {
    for (const body of manifest.values()) {
      const document = parse(body);
      const operation = document.definitions.find(
        (definition): definition is OperationDefinitionNode =>
          definition.kind === Kind.OPERATION_DEFINITION,
      );
      assert.ok(operation);
      test(`lets ${client} run ${operation.name?.value} with its largest pages`, (t) => {
        const fragments = fragmentsOf(document);
        const scope = { schema, fragments, variables: largestVariables(operation) };
        const cost = estimateCost(operation, { scope, assumedListSize: 10 });
        t.diagnostic(`${cost}`);
        assert.ok(cost <= allowed, `${cost} is above ${allowed}`);
      });
    }
  }
});

function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
}

/** The default of a page, or the largest one; whatever else a variable holds costs nothing. */
function largestVariables({ variableDefinitions = [] }: OperationDefinitionNode) {
  return Object.fromEntries(
    variableDefinitions.map(({ variable, type, defaultValue }) => {
      const named = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
      const isNumber = named.kind === Kind.NAMED_TYPE && named.name.value === 'Int';
      const fallback = isNumber ? LARGEST_PAGE : 'some value';
      return [variable.name.value, defaultValue ? valueFromASTUntyped(defaultValue) : fallback];
    }),
  );
}
