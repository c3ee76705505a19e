import { isUtf8 } from 'node:buffer';

declare const oneByteEach: unique symbol;

/**
 * UTF-8 as a text of which each character is one byte: `é` is two characters. Whatever is in it, V8
 * holds it in one byte for each, as it does with ASCII; so it is sliced, joined and sent without a
 * look at it. Answers of subgraphs stay in this form until they are with the client.
 */
export type ByteText = string & { readonly [oneByteEach]: true };

/** A text as its bytes. */
export function toByteText(text: string): ByteText {
  const isAscii = Buffer.byteLength(text) === text.length;
  return (isAscii ? text : Buffer.from(text).toString('latin1')) as ByteText;
}

/** The text that these bytes are. */
export function fromByteText(bytes: ByteText): string {
  return Buffer.from(bytes, 'latin1').toString();
}

/** Bytes that came in. What is not UTF-8 becomes U+FFFD. */
export function readByteText(bytes: Buffer): ByteText {
  return isUtf8(bytes) ? (bytes.toString('latin1') as ByteText) : toByteText(bytes.toString());
}

/** The bytes themselves. */
export function bytesOf(text: ByteText): Buffer {
  return Buffer.from(text, 'latin1');
}

/** What an answer holds, as it is sent with the least work: see `sendable`. */
export type Sendable = ByteText | Buffer;

/** Node puts a text behind the headers and then writes both: for a long one that is a copy more. */
export function sendable(text: ByteText): Sendable {
  return text.length > LONG_BYTES ? bytesOf(text) : text;
}

/** The text that is sent. */
export function fromSendable(sent: Sendable): string {
  return typeof sent === 'string' ? fromByteText(sent) : sent.toString();
}

const LONG_BYTES = 4_096;
