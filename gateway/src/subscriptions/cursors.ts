import { createHmac, timingSafeEqual } from 'node:crypto';
import { badInput } from '@quantumroute/ops/failures';

/** Positions of subgraphs as clients see them. */
export type Cursors = {
  /** `binding` names the only subscription that the cursor is of use for. */
  seal(position: string, binding: string): string;
  /** The position inside. Throws BAD_USER_INPUT for anything that was not sealed for `binding`. */
  open(cursor: string, binding: string): string;
};

/** Cursors that only this key can make: the position, and a signature over it and its binding. */
export function createCursors(key: string | Buffer): Cursors {
  const sign = (position: string, binding: string): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify(['cursor', binding, position]))
      .digest()
      .subarray(0, SIGNATURE_BYTES);
  return {
    seal(position, binding) {
      const signature = sign(position, binding);
      return Buffer.concat([signature, Buffer.from(position)]).toString('base64url');
    },
    open(cursor, binding) {
      const bytes = Buffer.from(cursor.slice(0, LONGEST_CURSOR), 'base64url');
      const position = bytes.subarray(SIGNATURE_BYTES).toString();
      const signature = bytes.subarray(0, SIGNATURE_BYTES);
      const isOurs =
        signature.length === SIGNATURE_BYTES && timingSafeEqual(signature, sign(position, binding));
      if (isOurs) return position;
      throw badInput(CURSOR_PATH, 'The cursor is not one of this subscription: leave it out');
    },
  };
}

/** The cursor in the extensions of a request: undefined when the client will not resume. */
export function cursorIn(
  extensions: Readonly<Record<string, unknown>> | undefined,
): string | null | undefined {
  const cursor = extensions?.['cursor'];
  if (cursor === undefined || cursor === null || typeof cursor === 'string') return cursor;
  throw badInput(CURSOR_PATH, 'The cursor is a text or null');
}

const SIGNATURE_BYTES = 16;
const LONGEST_CURSOR = 4_000;
const CURSOR_PATH = ['extensions', 'cursor'];
