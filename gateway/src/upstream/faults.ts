import type { ErrorCode } from '@quantumroute/ops/failures';
import type { UpstreamFault } from './upstream-error.ts';

/** What clients learn of a fetch without an answer: the name of the subgraph, and nothing else of it. */
export function faultError(
  fault: UpstreamFault,
  subgraph: string,
): { message: string; extensions: { code: ErrorCode; subgraph: string } } {
  return { message: messageOf(fault, subgraph), extensions: { code: codeOf(fault), subgraph } };
}

function codeOf(fault: UpstreamFault): ErrorCode {
  if (fault === 'timeout') return 'DEADLINE_EXCEEDED';
  if (fault === 'canceled') return 'REQUEST_CANCELED';
  return 'SUBGRAPH_UNAVAILABLE';
}

function messageOf(fault: UpstreamFault, subgraph: string): string {
  if (fault === 'timeout') return `The subgraph "${subgraph}" did not answer in time`;
  if (fault === 'canceled') return 'The request was given up';
  return `The subgraph "${subgraph}" gave no usable answer`;
}
