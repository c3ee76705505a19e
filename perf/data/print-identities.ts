import { encodeId } from '@quantumroute/schema/ids';

import { demoApiKeys, demoIdentities } from './demo-identities.ts';

/** Prints the demo's people as the claims of their tokens, and its API keys, as JSON. */
const tokens = Object.entries(demoIdentities).map(([id, identity]) => ({
  id,
  label: identity.label,
  kind: identity.kind,
  claims: {
    sub: identity.subject,
    org: encodeId('organization', identity.organizationId),
    ...(identity.driverId === null ? {} : { driver: encodeId('driver', identity.driverId) }),
    scope: identity.scopes.join(' '),
  },
}));
const apiKeys = demoApiKeys.map(({ client, label, key, scopes }) => ({
  id: client,
  label,
  key,
  scopes,
}));
process.stdout.write(`${JSON.stringify({ tokens, apiKeys }, null, 2)}\n`);
