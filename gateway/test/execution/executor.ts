import { createHash } from 'node:crypto';
import { print } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { fromByteText, toByteText } from '../../src/byte-text.ts';
import { createExecutor } from '../../src/execution/executor.ts';
import type { UpstreamFault } from '../../src/upstream/upstream-error.ts';
import type { Operation } from './harbour/oracle.ts';

/** What comes back from a subgraph: any text, or the reason why there is none. */
export type SubgraphReply =
  | { kind: 'text'; text: string }
  | { kind: 'fault'; fault: UpstreamFault };

/** The gateway's executor as the tests of this folder use it: everything they know of it is here. */
export type TestedExecutor<C> = {
  apiSchema: GraphQLSchema;
  execute(operation: Operation, context: C): Promise<TestedAnswer>;
};

/** An answer with its text parsed: `data` is undefined when nothing was executed. */
export type TestedAnswer = {
  data: unknown;
  text: string | null | undefined;
  errors: readonly { message: string; path?: readonly (string | number)[] }[];
};

/** Starts the executor over subgraphs that `reply` plays, without ports. */
export function startExecutor<C>({
  supergraphSdl,
  reply,
}: {
  supergraphSdl: string;
  reply: (call: { subgraph: string; body: string }, context: C) => Promise<SubgraphReply>;
}): TestedExecutor<C> {
  const executor = createExecutor<C>({
    supergraphSdl,
    async ask({ subgraph, body }, context) {
      const answer = await reply({ subgraph, body: fromByteText(body) }, context);
      if (answer.kind === 'fault') return answer;
      return { kind: 'text', text: toByteText(answer.text) };
    },
  });
  return {
    apiSchema: executor.apiSchema,
    async execute(operation, context) {
      const queryHash = createHash('sha256').update(print(operation.document)).digest('hex');
      const { data, errors } = await executor.execute({ ...operation, queryHash }, context);
      const text = typeof data === 'string' ? fromByteText(data) : data;
      return {
        data: typeof text === 'string' ? JSON.parse(text) : text,
        text,
        errors: errors.map(({ message, path }) => ({ message, ...(path ? { path } : {}) })),
      };
    },
  };
}
