import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { TestStack } from '@quantumroute/ops/local/testing';
import type { JWTPayload } from 'jose';
import { createTokenMint } from '../small-graph/tokens.ts';

/** Signs a token with these claims. */
export type Mint = (claims: JWTPayload) => Promise<string>;

/**
 * Signs tokens for callers that the demo does not have: its key joins those of the stack. The
 * gateway notices at its first look at them, or five seconds later.
 */
export async function mintFor(stack: TestStack): Promise<Mint> {
  const mint = await createTokenMint();
  const keysOf = async (url: string) =>
    (JSON.parse(await readFile(fileURLToPath(url), 'utf8')) as { keys: unknown[] }).keys;
  const known = stack.env['JWKS_URL'] ?? '';
  const keys = [...(await keysOf(known)), ...(await keysOf(mint.jwksUrl))];
  await writeFile(fileURLToPath(known), JSON.stringify({ keys }));
  await mint.remove();
  return (claims) => mint.sign(claims);
}
