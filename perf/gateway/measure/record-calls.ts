import type { Operation } from '../graph/operations.ts';
import { ask, bodyOf } from './ask.ts';

/** The calls that a gateway makes for one request of an operation. */
export type Recording = {
  /** Of the client's request. */
  body: string;
  calls: { path: string; body: string }[];
  /** The bytes of the right answer. */
  answer: string;
};

/** Asks the gateway once while the subgraphs write down what they are asked. */
export async function recordCalls(
  operation: Operation,
  { gateway, subgraphs }: { gateway: string; subgraphs: string },
): Promise<Recording> {
  const body = bodyOf(operation);
  await fetch(`${subgraphs}/asked/start`);
  const answer = await ask(gateway, body);
  const response = await fetch(`${subgraphs}/asked`);
  return { body, calls: (await response.json()) as Recording['calls'], answer };
}
