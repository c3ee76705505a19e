import { createHash } from 'node:crypto';
import type { ApolloServerPlugin, GraphQLRequest, GraphQLRequestContext } from '@apollo/server';
import { failure } from '@quantumroute/ops/failures';
import { GraphQLError, parse } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { GatewayContext } from '../context.ts';
import { createAdmitOperation } from './admit-operation.ts';
import type { AdmitOperation } from './admit-operation.ts';
import { checkShape, checkTokens } from './limits.ts';
import type { Limits } from './limits.ts';
import { registeredDocument } from './manifests.ts';
import type { Manifests } from './manifests.ts';

/** What operations are admitted by. */
export type AdmissionRules = {
  /** The supergraph with its access and cost directives. */
  schema: GraphQLSchema;
  limits: Limits;
  manifests: Manifests;
};

/** Admission as a part of the pipeline, and what of it depends on the caller and the variables. */
export type Admission = {
  plugin: ApolloServerPlugin<GatewayContext>;
  admit: AdmitOperation;
};

/**
 * Decides whether an operation may run, before any subgraph is called: is its document registered
 * (partners), is it within the limits, may the caller read each field. Whatever is refused here is
 * neither stored as a persisted query nor looked up in the response cache.
 */
export function createAdmission(rules: AdmissionRules): Admission {
  const admit = createAdmitOperation(rules);
  const inShape = new LRUCache<string, true>({ max: 1_000 });
  const plugin: ApolloServerPlugin<GatewayContext> = {
    async requestDidStart(request) {
      try {
        admitDocument(request, rules, inShape);
      } catch (error) {
        refuseLater(request, error);
      }
      return {
        async didResolveOperation({ contextValue, document, operation, request: { variables } }) {
          if (contextValue.refusal) throw contextValue.refusal;
          if (!operation) {
            const message = 'Name one of the operations in the document';
            throw failure('OPERATION_RESOLUTION_FAILURE', message);
          }
          const { identity } = contextValue.caller;
          admit({ document, operation, identity, variables: variables ?? {} });
        },
      };
    },
  };
  return { plugin, admit };
}

/** What can be told from the text alone. A registered document takes the place of its hash. */
function admitDocument(
  { request, contextValue }: GraphQLRequestContext<GatewayContext>,
  { manifests, limits }: AdmissionRules,
  inShape: LRUCache<string, true>,
): void {
  const hash = persistedHash(request);
  const wanted = { query: request.query, hash };
  const registered = registeredDocument(manifests, contextValue.caller, wanted);
  if (registered !== undefined) {
    request.query = registered;
    delete request.extensions?.['persistedQuery'];
  } else if (request.query !== undefined && hash !== undefined && hash !== sha256(request.query)) {
    throw failure('BAD_REQUEST', 'The hash of the persisted query is not that of the document');
  }
  const { query } = request;
  if (typeof query !== 'string' || inShape.has(query)) return;
  checkTokens(query, limits);
  const document = parsed(query);
  // What does not parse is explained by the pipeline.
  if (!document) return;
  checkShape(document, limits);
  if (query.length <= LONGEST_REMEMBERED) inShape.set(query, true);
}

const LONGEST_REMEMBERED = 50_000;

function persistedHash({ extensions }: GraphQLRequest): string | undefined {
  if (extensions?.['persistedQuery'] === undefined) return undefined;
  const persisted = persistedQuery.safeParse(extensions['persistedQuery']);
  if (persisted.success) return persisted.data.sha256Hash;
  throw failure('BAD_REQUEST', 'A persisted query needs version 1 and a SHA-256 in hex');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

// Identifiers in a manifest need not be hashes, so that any text will do.
const persistedQuery = z.object({
  version: z.literal(1),
  sha256Hash: z.string().min(1).max(200),
});

function parsed(query: string) {
  try {
    return parse(query, { noLocation: true });
  } catch {
    return undefined;
  }
}

/**
 * Apollo Server lets nothing be refused this early. So the pipeline gets an empty operation to chew
 * on, instead of one that is slow to validate, and the refusal comes at the next chance.
 */
function refuseLater(
  { request, contextValue }: GraphQLRequestContext<GatewayContext>,
  error: unknown,
): void {
  if (!(error instanceof GraphQLError)) throw error;
  contextValue.refusal = error;
  request.query = '{ __typename }';
  delete request.operationName;
  delete request.extensions?.['persistedQuery'];
}
