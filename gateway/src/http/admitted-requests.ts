import { crc32 } from 'node:zlib';
import { LRUCache } from 'lru-cache';

/** A request as it came: its bytes as a text, and who asks in which form. */
export type SeenRequest = {
  group: string;
  text: string;
  /** The same for the same request, and hardly ever for two. */
  mark: number;
};

/** A query that passed admission, for everybody of one group. */
export type Admitted = { answerKey: string; contentType: string };

/** What was admitted before, recognised by its bytes. */
export type AdmittedRequests = {
  find(request: SeenRequest): Admitted | undefined;
  add(request: SeenRequest, admitted: Admitted): void;
};

/**
 * Reads nothing of a body, and hashes it natively: the engine's hash of a text takes ten times as
 * long. `groupMark`: hardly ever the same for two groups.
 */
export function seenRequest(
  body: Buffer,
  { group, groupMark }: { group: string; groupMark: number },
): SeenRequest {
  return { group, text: body.toString('latin1'), mark: crc32(body, groupMark) };
}

/** Nothing was admitted yet. Of two requests with one mark the later is remembered. */
export function createAdmittedRequests(): AdmittedRequests {
  const admitted = new LRUCache<number, SeenRequest & Admitted>({
    max: MOST_ADMITTED,
    maxSize: MOST_CHARACTERS,
    sizeCalculation: ({ group, text }) => group.length + text.length,
  });
  return {
    find({ group, text, mark }) {
      const found = admitted.get(mark);
      return found && found.group === group && found.text === text ? found : undefined;
    },
    add(request, { answerKey, contentType }) {
      admitted.set(request.mark, { ...request, answerKey, contentType });
    },
  };
}

const MOST_ADMITTED = 20_000;
const MOST_CHARACTERS = 16_000_000;
