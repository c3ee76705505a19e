import type { DocumentNode, OperationDefinitionNode } from 'graphql';

/** A query that its caller may run, and the context of the pipeline that found it so. */
export type AdmittedQuery = {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  operationName: string | null;
  queryHash: string;
  /** How long the document's text is. */
  characters: number;
  contextValue: object;
};

/** What the front has seen of a request before the pipeline, and wants to hear from it. */
export type Arrival = {
  /** The generation of the caller's organization, if the front has asked for it. */
  readonly generation: string | null | undefined;
  /** The query was admitted; its answer belongs to this key. */
  admitted(query: AdmittedQuery, answerKey: string): void;
};
