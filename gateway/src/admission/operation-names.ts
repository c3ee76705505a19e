import { Kind, parse } from 'graphql';
import type { Manifests } from './manifests.ts';

/** The names of all registered operations: the only ones that become labels of metrics. */
export function operationNames(manifests: Manifests): ReadonlySet<string> {
  const documents = [...manifests.values()].flatMap((manifest) => [...manifest.values()]);
  return new Set(documents.flatMap(namesIn));
}

function namesIn(document: string): string[] {
  return parse(document, { noLocation: true }).definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION && definition.name ? [definition.name.value] : [],
  );
}
