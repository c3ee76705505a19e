import type { SubgraphReply } from '../executor.ts';
import type { SubgraphCall } from '../graph.ts';
import type { Tape } from '../operations/tape.ts';

/** Calls that fail as a whole: which, and what comes instead of an answer. */
export type CallFault = {
  description: string;
  intercept(call: SubgraphCall, honest: () => Promise<string>): Promise<SubgraphReply>;
};

/** Fails all calls to a subgraph, or otherwise some calls to any. */
export function callFaultOf(tape: Tape, { subgraph }: { subgraph?: string } = {}): CallFault {
  const reply = tape.pick(REPLIES);
  const oneOf = subgraph === undefined ? 1 + tape.next(3) : 1;
  const at = tape.next(oneOf);
  const hits = (call: SubgraphCall) =>
    (subgraph === undefined || call.subgraph === subgraph) && call.place % oneOf === at;
  return {
    description: `${JSON.stringify(reply)} for call ${at} of ${oneOf} to ${subgraph ?? 'any subgraph'}`,
    async intercept(call, honest) {
      return hits(call) ? reply : { kind: 'text', text: await honest() };
    },
  };
}

const FAULTS = ['unreachable', 'overloaded', 'timeout', 'too large', 'not an answer'] as const;

const TEXTS = [
  '',
  ' ',
  'null',
  '[]',
  '"text"',
  '7',
  '{}',
  '{"data":null}',
  '{"data":[]}',
  '{"data":"text"}',
  '{"data":{}}',
  '{"data":{"_entities":null}}',
  '{"data":{"_entities":{}}}',
  '{"data":{"_entities":"text"}}',
  '{"errors":[{"message":"out of order"}]}',
  '{"errors":[{"message":"out of order","path":["nowhere",3,"at all"]}],"data":null}',
  '{"errors":[{"message":"out of order","path":["_entities"]}],"data":null}',
  '{"errors":[{"message":"out of order","path":["_entities",99999,"x"]}],"data":null}',
  '{"errors":"text","data":null}',
  '{"errors":[7,null,{}],"data":null}',
  '{"errors":[],"data":null}',
  '{"data":{"zz":1}} trailing',
  '{"data":{"parcels":[',
  '{"data":{"x":"\\u12"}}',
  '<html>Bad gateway</html>',
  '\u0000',
] as const;

const REPLIES = [
  ...FAULTS.map((fault): SubgraphReply => ({ kind: 'fault', fault })),
  ...TEXTS.map((text): SubgraphReply => ({ kind: 'text', text })),
] as [SubgraphReply, ...SubgraphReply[]];
