import { GraphQLInputObjectType, buildSchema, execute, isObjectType, printSchema } from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import { faultOf, oracleValueOf } from '../faults/field-faults.ts';
import { surchargeOf } from './atlas.ts';
import { starTextOf } from './feed.ts';
import type { Owner } from './ownership.ts';
import { RECORDS } from './records.ts';
import type { HarbourRecord } from './records.ts';
import { dutyOf, perimeterOf, sealFeeOf, tollOf, volumeOf, waxTaxOf } from './tariff.ts';
import type { SubgraphModel, World } from './world.ts';

/** One operation, as the oracle and the gateway get it. */
export type Operation = {
  document: DocumentNode;
  operationName: string | null;
  variables: Record<string, unknown>;
};

/** The harbour in one piece: what the gateway must answer, by graphql-js alone. */
export type Oracle = {
  schema: GraphQLSchema;
  /** `touched` are the fields that were resolved, as `Type.field`. */
  execute(
    operation: Operation,
    world: World,
  ): Promise<ExecutionResult & { touched: ReadonlySet<string> }>;
};

/** Builds one schema out of the resolvers of all subgraphs. */
export function createOracle(
  models: readonly SubgraphModel[],
  { apiSchema, owners }: { apiSchema: GraphQLSchema; owners: ReadonlyMap<string, Owner> },
): Oracle {
  const schema = buildSchema(printSchema(apiSchema));
  const pick = schema.getType('Pick');
  if (pick instanceof GraphQLInputObjectType) pick.isOneOf = true;
  const readers = new Map<string, Reader>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const coordinate = `${type.name}.${field.name}`;
      const owner = owners.get(coordinate);
      const honest = honestReader(models, { type: type.name, field: field.name, owner, readers });
      const read = withFaults(honest, { coordinate, owner });
      readers.set(coordinate, read);
      field.resolve = (source, args, call: Call) =>
        read(whole(source as HarbourRecord), args, call);
    }
  }
  return {
    schema,
    async execute({ document, operationName, variables: variableValues }, world) {
      const contextValue: Call = { world, touched: new Set() };
      const result = await execute({
        schema,
        document,
        operationName,
        variableValues,
        contextValue,
      });
      return { ...result, touched: contextValue.touched };
    },
  };
}

/** A subgraph's resolver may return a part of a record. */
function whole(source: HarbourRecord | undefined): HarbourRecord {
  return RECORDS.get(source?.ref ?? '') ?? (source as HarbourRecord);
}

type Args = Readonly<Record<string, unknown>>;
type Call = { world: World; touched: Set<string> };
type Reader = (source: HarbourRecord, args: Args, call: Call) => unknown;

function withFaults(
  honest: Reader,
  { coordinate, owner }: { coordinate: string; owner: Owner | undefined },
): Reader {
  return (source, args, call) => {
    call.touched.add(coordinate);
    if (!owner) return honest(source, args, call);
    const { faults, ghosts } = call.world;
    if (ghosts && source?.['ghostOf'] === owner.subgraph) return null;
    const value = () => honest(source, args, call);
    const fault = faultOf(faults, { ...owner, source });
    return fault ? oracleValueOf(fault, value) : value();
  };
}

function honestReader(
  models: readonly SubgraphModel[],
  given: {
    type: string;
    field: string;
    owner: Owner | undefined;
    readers: ReadonlyMap<string, Reader>;
  },
): Reader {
  const { type, field, owner, readers } = given;
  const compute = COMPUTED[field];
  if (compute && owner) {
    return (source, _, call) =>
      compute(source, (name, args = {}) => {
        const read = readers.get(`${source.__typename}.${name}`);
        if (!read) throw new Error(`Needs a field ${source.__typename}.${name}`);
        return orNull(() => read(source, args, call));
      });
  }
  const candidates = owner ? models.filter(({ name }) => name === owner.subgraph) : models;
  const resolver = candidates
    .map(({ resolvers }) => resolvers[owner?.type ?? type]?.[field])
    .find((it) => it !== undefined);
  return resolver
    ? (source, args, { world }) => resolver(source, args, world)
    : (source) => source[field];
}

type Need = (field: string, args?: Args) => unknown;

// Fields that require others: here they ask for them, with their faults.
const COMPUTED: Readonly<Record<string, (source: HarbourRecord, need: Need) => unknown>> = {
  toll: (_, need) => tollOf(need('weightKg')),
  volume: (_, need) => volumeOf(need('packing')),
  girth: (_, need) => perimeterOf(need('measure', { unit: 'INCH' })),
  span: (_, need) => perimeterOf(need('measure', { unit: 'CM' })),
  duty: (_, need) => dutyOf(need('depot')),
  sealFee: (_, need) => sealFeeOf(need('seal')),
  waxTax: (_, need) => waxTaxOf(need('seal')),
  surcharge: (_, need) => surchargeOf(need('toll')),
  starText: ({ stars }, need) => starTextOf(stars, need('weightKg')),
};

/** A required field that fails is null to whoever computes with it. */
function orNull(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return null;
  }
}
