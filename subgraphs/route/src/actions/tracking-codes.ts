import { randomBytes } from 'node:crypto';

// Crockford's alphabet: nothing that is mistaken for something else when read aloud.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const NUMBER_LENGTH = 12;
const TOKEN_BYTES = 24;

/** `QR` and 60 random bits, to be printed on a label. */
export function newTrackingNumber(): string {
  const characters = Array.from(randomBytes(NUMBER_LENGTH), (byte) => ALPHABET[byte % 32]);
  return `QR${characters.join('')}`;
}

/** 192 random bits, fit for a URL. */
export function newTrackingToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}
