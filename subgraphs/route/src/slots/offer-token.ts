import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';

const offer = z.object({
  /** Each offer can be taken once. */
  id: z.uuid(),
  organizationId: z.uuid(),
  partnerId: z.uuid().nullable(),
  depotId: z.uuid(),
  serviceDate: z.string(),
  windowStartMs: z.number(),
  windowEndMs: z.number(),
  /** See `addressHash`. */
  address: z.string(),
  /** What the window was offered for; the order may be less, and never more. */
  load: z.object({ weightKg: z.number(), volumeM3: z.number(), parcels: z.number() }),
  serviceSeconds: z.number(),
  requirements: z.array(z.string()),
  expiresAtMs: z.number(),
});

/** What was promised to whom. */
export type SlotOffer = z.output<typeof offer>;

/** Seals offers into tokens, and opens them again. */
export type OfferTokens = {
  seal(offer: SlotOffer): string;
  /** null for what was not sealed with this secret, or has been changed. An expired one opens. */
  open(token: string): SlotOffer | null;
};

/** AES-256-GCM: a token proves that it is ours and unchanged, and nobody comes to rely on what is in it. */
export function createOfferTokens(secret: string): OfferTokens {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'quantumroute slot offers', KEY_BYTES));
  return {
    seal(content) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const text = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
    },
    open(token) {
      if (token.length > MAX_TOKEN_LENGTH) return null;
      const sealed = Buffer.from(token, 'base64url');
      // Of several texts for the same bytes only the one that was given out.
      if (sealed.toString('base64url') !== token) return null;
      const text = decrypt(sealed, key);
      // One of another release may be short of something.
      return text === null ? null : (offer.safeParse(JSON.parse(text)).data ?? null);
    },
  };
}

type Address = {
  readonly addressLines: readonly string[];
  readonly postalCode?: string | null | undefined;
  readonly countryCode: string;
  readonly point: { readonly latitude: number; readonly longitude: number };
};

/** The same for the same address; names and instructions may differ. */
export function addressHash({ addressLines, postalCode, countryCode, point }: Address): string {
  const parts = [addressLines, postalCode ?? null, countryCode, point.latitude, point.longitude];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Twenty long requirements included. */
const MAX_TOKEN_LENGTH = 10_000;

function decrypt(sealed: Buffer, key: Buffer): string | null {
  if (sealed.length <= NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const text = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
