import { failure } from '@quantumroute/ops/failures';
import { IDENTITY_HEADER } from '@quantumroute/ops/identity';
import type { Identity } from '@quantumroute/ops/identity';
import { decodeId } from '@quantumroute/schema/ids';
import { z } from 'zod';
import { fromByteText, toByteText } from '../byte-text.ts';
import type { SubgraphClient } from '../upstream/subgraph-client.ts';
import type { CredentialLookup } from './partner-keys.ts';

/** Asks fleet, in the gateway's own name, for the partner behind an API key. */
export function createCredentialLookup({
  client,
  sign,
  timeoutMs,
}: {
  client: Pick<SubgraphClient, 'post'>;
  sign: (identity: Identity) => Promise<string>;
  timeoutMs: number;
}): CredentialLookup {
  return async (keySha256) => {
    const { text } = await client.post({
      body: toByteText(JSON.stringify({ query: QUERY, variables: { keySha256 } })),
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        [IDENTITY_HEADER]: await sign(SERVICE_IDENTITY),
      },
      timeoutMs,
      query: { generation: null },
      // Others may wait for the same answer: it is not given up when one of them leaves.
      signal: new AbortController().signal,
    });
    const { partnerCredential: found } = answerShape.parse(JSON.parse(fromByteText(text))).data;
    if (found === null) return null;
    const partnerId = decodeId('partner', found.partnerId);
    const organizationId = decodeId('organization', found.organizationId);
    if (partnerId === null || organizationId === null) {
      throw failure('INTERNAL_SERVER_ERROR', 'The credential names ids of the wrong kind');
    }
    const { client: name, scopes } = found;
    const subject = `partner:${found.partnerId}`;
    return {
      identity: { kind: 'partner', subject, organizationId, partnerId, driverId: null, scopes },
      client: name,
      expiresAt: null,
    };
  };
}

/** The gateway itself. */
export const SERVICE_IDENTITY: Identity = Object.freeze({
  kind: 'service',
  subject: 'gateway',
  organizationId: null,
  partnerId: null,
  driverId: null,
  scopes: Object.freeze([]),
});

const QUERY =
  'query PartnerCredential($keySha256: String!) { partnerCredential(keySha256: $keySha256) { partnerId organizationId client scopes } }';

const answerShape = z.object({
  data: z.object({
    partnerCredential: z
      .object({
        partnerId: z.string(),
        organizationId: z.string(),
        client: z.string(),
        scopes: z.array(z.string()),
      })
      .nullable(),
  }),
  errors: z.undefined().optional(),
});
