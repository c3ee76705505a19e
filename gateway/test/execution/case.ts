import { OperationTypeNode, print } from 'graphql';
import type { ExecutionResult } from 'graphql';
import { callFaultOf } from './faults/call-faults.ts';
import { chooseFault } from './faults/choose-fault.ts';
import type { Noise } from './faults/json-text.ts';
import type { GatewayAnswer } from './graph.ts';
import type { Harbour } from './harbour/harbour.ts';
import type { Operation } from './harbour/oracle.ts';
import { newWorld } from './harbour/world.ts';
import { operationOf } from './operations/operation.ts';
import { Tape } from './operations/tape.ts';
import { faultOfAnswer, faultOfPartialAnswer } from './verdict.ts';

/** Everything that one random case consists of, as fast-check shrinks and prints it. */
export type CaseTapes = { operation: number[]; faults: number[] };

/**
 * One random operation, asked of the oracle and of the gateway: as things are, with a field at
 * fault, with a subgraph that is down, and with some calls that fail in any way. Throws what is
 * wrong with the answers, in a form that can be run again.
 */
export async function checkCase(harbour: Harbour, tapes: CaseTapes): Promise<void> {
  const tape = new Tape(tapes.faults);
  const root = tape.chance(10) ? OperationTypeNode.MUTATION : OperationTypeNode.QUERY;
  const schema = harbour.oracle.schema;
  const operation = operationOf(schema, () => new Tape(tapes.operation), { root });
  const ghosts = tape.chance(30);
  const whole = await harbour.oracle.execute(operation, newWorld({ ghosts }));
  const noise = noiseOf(tape);

  const quiet = await harbour.ask(operation, { world: newWorld({ ghosts }), noise });
  report('no fault', operation, {
    got: quiet,
    expected: whole,
    fault: faultOfAnswer(quiet, whole, 'exact'),
  });

  const field = chooseFault(whole.touched, { owners: harbour.owners, schema, tape });
  if (field) {
    const world = () => newWorld({ faults: [field], ghosts });
    const expected = await harbour.oracle.execute(operation, world());
    const got = await harbour.ask(operation, { world: world(), noise });
    const rule = field.isRequired ? 'aggregated' : 'exact';
    report(JSON.stringify(field), operation, {
      got,
      expected,
      fault: faultOfAnswer(got, expected, rule),
    });
  }

  if (root === OperationTypeNode.MUTATION) return;
  const failing = callFaultOf(tape);
  const got = await harbour.ask(operation, {
    world: newWorld({ ghosts }),
    noise,
    intercept: failing.intercept,
  });
  report(failing.description, operation, {
    got,
    expected: whole,
    fault: faultOfPartialAnswer(got, whole),
  });
}

/** The same with one subgraph down, for operations of which it is known what they lose. */
export async function checkOutage(harbour: Harbour, tapes: CaseTapes): Promise<void> {
  const tape = new Tape(tapes.faults);
  const outage = tape.pick(harbour.outages);
  const schema = harbour.oracle.schema;
  const operation = operationOf(schema, () => new Tape(tapes.operation), {
    without: outage.without,
  });
  const failing = callFaultOf(tape, { subgraph: outage.subgraph });
  const expected = await harbour.oracle.execute(operation, newWorld({ faults: outage.faults }));
  const got = await harbour.ask(operation, { world: newWorld(), intercept: failing.intercept });
  const fault = faultOfAnswer(got, expected, 'aggregated');
  report(`${outage.subgraph}: ${failing.description}`, operation, { got, expected, fault });
}

function report(
  what: string,
  { document, variables, operationName }: Operation,
  { got, expected, fault }: { got: GatewayAnswer; expected: ExecutionResult; fault: string | null },
): void {
  if (fault === null) return;
  const lines = [
    fault,
    `with: ${what}`,
    print(document),
    `variables: ${JSON.stringify(variables)}, operationName: ${operationName}`,
    `got:      ${JSON.stringify(got.data)}`,
    `expected: ${JSON.stringify(expected.data)}`,
    `errors got:      ${pathsOf(got.errors)}`,
    `errors expected: ${pathsOf(expected.errors ?? [])}`,
    ...got.calls.map(({ subgraph, body }) => `call: ${subgraph} ${body}`),
  ];
  throw new Error(lines.join('\n'));
}

function pathsOf(
  errors: readonly { message: string; path?: readonly (string | number)[] | undefined }[],
) {
  return errors.map(({ message, path }) => `${path?.join('.')} (${message})`).join(', ') || 'none';
}

/** Half of the cases have texts as `JSON.stringify` makes them. */
function noiseOf(tape: Tape): Noise | null {
  if (tape.chance(50)) return null;
  let state = 1 + tape.next(0xffff);
  return {
    next(bound) {
      state = (state * 48_271) % 0x7fffffff;
      return state % bound;
    },
  };
}
