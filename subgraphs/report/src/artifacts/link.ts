import { createHmac, timingSafeEqual } from 'node:crypto';

const LINK_SECONDS = 15 * 60;

export type LinkSettings = { readonly publicUrl: string; readonly secret: string };

/** A link to one file that works for 15 minutes and for nothing else. */
export function signLink(
  { publicUrl, secret }: LinkSettings,
  artifactId: string,
  now = Date.now(),
): string {
  const expires = Math.floor(now / 1000) + LINK_SECONDS;
  const signature = signatureOf(secret, artifactId, String(expires));
  return `${publicUrl}/downloads/${artifactId}?expires=${expires}&signature=${signature}`;
}

export type LinkCheck = 'valid' | 'forged' | 'expired';

/** What a link is worth. Only who knows the secret learns that one has expired. */
export function checkLink(
  secret: string,
  link: { artifactId: string; expires: string; signature: string },
  now = Date.now(),
): LinkCheck {
  const expected = Buffer.from(signatureOf(secret, link.artifactId, link.expires));
  const given = Buffer.from(link.signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'forged';
  return Number(link.expires) * 1000 > now ? 'valid' : 'expired';
}

function signatureOf(secret: string, artifactId: string, expires: string): string {
  return createHmac('sha256', secret)
    .update(`quantumroute download v1\n${artifactId}\n${expires}`)
    .digest('base64url');
}
