import type { FormattedExecutionResult, GraphQLError } from 'graphql';
import type { ByteText } from '../byte-text.ts';
import type { UpstreamFault } from '../upstream/upstream-error.ts';
import type { AnswerNode } from './answer-node.ts';
import type { FetchedAnswer } from './subgraph-answer.ts';

/** One request to a subgraph, ready to be sent: `body` is JSON with the query and its variables. */
export type SubgraphRequest = { subgraph: string; kind: 'query' | 'mutation'; body: ByteText };

/** What the subgraph sent, whatever it is; or why there is nothing. */
export type SubgraphAnswer =
  | { kind: 'text'; text: ByteText }
  | { kind: 'fault'; fault: UpstreamFault };

/** Is told of texts that are no answer to what was asked. */
export type OnUnusable = (subgraph: string, text: string) => void;

/** Sends a request of one operation's. It never rejects. */
export type AskSubgraph<C> = (request: SubgraphRequest, context: C) => Promise<SubgraphAnswer>;

/** The answer that tells of an entity, there or on its way, and which of its objects that is. */
export type EntityAnswer = { whole: Promise<FetchedAnswer>; index: number };

/** One execution of a compiled operation. */
export type Run = {
  root: AnswerNode;
  variables: Readonly<Record<string, unknown>>;
  errors: GraphQLError[];
  /**
   * The answers that tell of entities, by fetch and entity. Null for a mutation, where what was true
   * a moment ago may have been changed by the operation itself.
   */
  entities: Map<string, Map<string, EntityAnswer>> | null;
  /** The last mark that was set on objects that were seen (`AnswerNode.seenBy`). */
  stamp: number;
  ask: (request: SubgraphRequest) => Promise<SubgraphAnswer>;
  onUnusable: OnUnusable;
  /** For a subscription: what takes the place of its first fetch. */
  event: FormattedExecutionResult | undefined;
};
