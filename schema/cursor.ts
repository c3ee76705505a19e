import { createHash } from 'node:crypto';
import { isStorableText } from './text.ts';

/** One column of a keyset: what the next page starts after. */
export type CursorPart = string | number;

const MAX_CURSOR_LENGTH = 1024;
const CHECKSUM_BYTES = 6;

/**
 * An opaque cursor over the sort key of a row. It carries a checksum, so that a client that edits
 * one is told; it is no secret, and every query that uses it is scoped by tenant all the same.
 */
export function encodeCursor(parts: readonly CursorPart[]): string {
  const body = Buffer.from(JSON.stringify(parts), 'utf8');
  return Buffer.concat([checksum(body), body]).toString('base64url');
}

/** The parts that were encoded; null when the cursor was not made by `encodeCursor`. */
export function decodeCursor(cursor: string): CursorPart[] | null {
  if (cursor.length > MAX_CURSOR_LENGTH) return null;
  const bytes = Buffer.from(cursor, 'base64url');
  // Node skips what is no base64: only the one spelling that we made is accepted.
  if (bytes.toString('base64url') !== cursor || bytes.length <= CHECKSUM_BYTES) return null;
  const body = bytes.subarray(CHECKSUM_BYTES);
  if (!checksum(body).equals(bytes.subarray(0, CHECKSUM_BYTES))) return null;
  return readParts(body);
}

function readParts(body: Buffer): CursorPart[] | null {
  try {
    const parts: unknown = JSON.parse(body.toString('utf8'));
    return Array.isArray(parts) && parts.every(isPart) ? parts : null;
  } catch {
    return null;
  }
}

function isPart(part: unknown): part is CursorPart {
  return typeof part === 'string' ? isStorableText(part) : Number.isFinite(part);
}

function checksum(body: Buffer): Buffer {
  return createHash('sha256')
    .update('quantumroute cursor v1:')
    .update(body)
    .digest()
    .subarray(0, CHECKSUM_BYTES);
}
