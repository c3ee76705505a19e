import { createSubgraphSchema } from '@quantumroute/ops/subgraph-schema';
import type { SubgraphResolvers } from '@quantumroute/ops/subgraph-schema';
import { GraphQLError, defaultFieldResolver, execute, isObjectType, parse } from 'graphql';
import type { DocumentNode, GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import { faultOf } from '../faults/field-faults.ts';
import type { Effect } from '../faults/field-faults.ts';
import { ABSENT, RawJson, jsonText } from '../faults/json-text.ts';
import type { Noise } from '../faults/json-text.ts';
import type { HarbourRecord } from './records.ts';
import type { SubgraphModel, World } from './world.ts';

/** A subgraph that answers, and lies where the world's faults say so. */
export type RunningSubgraph = {
  schema: GraphQLSchema;
  /** The text of the answer to `body`, the text of a request. */
  answer(body: string, world: World, noise: Noise | null): Promise<string>;
};

/** Builds the schema of a subgraph once; it may answer any number of worlds. */
export function runSubgraph(model: SubgraphModel): RunningSubgraph {
  const resolvers: Record<string, Record<string, unknown>> = { ...model.resolvers };
  for (const type of Object.keys(model.references)) {
    resolvers[type] = { ...resolvers[type], __resolveReference: referenceResolver(model, type) };
  }
  const schema = createSubgraphSchema({
    typeDefs: model.typeDefs,
    resolvers: resolvers as SubgraphResolvers,
  });
  misbehave(schema, model.name);
  const documents = new Map<string, DocumentNode>();
  return {
    schema,
    async answer(body, world, noise) {
      const { query, variables } = JSON.parse(body) as { query: string; variables?: Variables };
      const document = documents.get(query) ?? parse(query);
      documents.set(query, document);
      const lies: Lie[] = [];
      const contextValue: Call = { world, lies };
      const result = await execute({ schema, document, variableValues: variables, contextValue });
      for (const lie of lies) tell(lie, result.data);
      const errors = result.errors?.map((error) => error.toJSON());
      const { data } = result;
      // A null prototype tells the writer that the object is GraphQL's own, not a scalar.
      const parts = Object.assign(Object.create(null), errors ? { errors, data } : { data });
      return jsonText(parts, noise);
    },
  };
}

type Variables = Record<string, unknown>;
type Call = { world: World; lies: Lie[] };
type Lie = { path: readonly (string | number)[]; effect: Effect };

function referenceResolver({ name, typeDefs, references }: SubgraphModel, type: string) {
  const isInterface = new RegExp(`interface ${type}\\b`).test(typeDefs);
  return (representation: HarbourRecord, { world }: Call): HarbourRecord | null => {
    const record = references[type]?.(representation) ?? null;
    if (record === null || (world.ghosts && record['ghostOf'] === name)) return null;
    // A copy, since the subgraph library writes the type's name on what it is given.
    const __typename = isInterface ? record.__typename : type;
    return { ...record, ...representation, __typename };
  };
}

function misbehave(schema: GraphQLSchema, subgraph: string): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('_')) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.name.startsWith('_')) continue;
      const honest = (field.resolve ?? defaultFieldResolver) as HonestResolver;
      const on = { subgraph, type: type.name, field: field.name };
      field.resolve = (source: HarbourRecord, args: Variables, { world, lies }: Call, info) => {
        const effect = faultOf(world.faults, { ...on, source })?.effect;
        if (effect?.kind === 'throws') throw new GraphQLError('Fault of the field: throws');
        if (effect?.kind === 'null') return null;
        if (effect) lies.push({ path: pathOf(info), effect });
        return honest(source, args, world, info);
      };
    }
  }
}

type HonestResolver = (
  source: HarbourRecord,
  args: Variables,
  world: World,
  info: GraphQLResolveInfo,
) => unknown;

function pathOf({ path }: GraphQLResolveInfo): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at: typeof path | undefined = path; at; at = at.prev) keys.unshift(at.key);
  return keys;
}

type Container = Record<string | number, unknown>;

function tell({ path, effect }: Lie, data: unknown): void {
  let parent = data as Container | null | undefined;
  for (const key of path.slice(0, -1)) parent = parent?.[key] as Container | null | undefined;
  const key = path.at(-1);
  if (typeof parent !== 'object' || parent === null || key === undefined) return;
  if (effect.kind === 'absent') parent[key] = ABSENT;
  else if (effect.kind === 'lie') parent[key] = new RawJson(effect.json);
  else if (effect.kind === 'lie in list') {
    const list = parent[key];
    if (Array.isArray(list) && list.length > 0) list[0] = new RawJson(effect.json);
  }
}
