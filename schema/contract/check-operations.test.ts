import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkOperations } from './check-operations.ts';
import { clientOperation, readClients, readOperations } from './client-operations.ts';
import { readSupergraph } from './composition.ts';

const supergraph = readSupergraph();

function faults(client: string, source: string): string {
  const operation = clientOperation({ client, file: 'Sample.graphql', source });
  return checkOperations(supergraph, [operation]).join('\n');
}

test('every committed operation is valid, can be planned and keeps to its contract', () => {
  const operations = readClients().flatMap(readOperations);
  assert.ok(operations.length >= 40);
  assert.deepEqual(checkOperations(supergraph, operations), []);
});

test('an unknown field is refused with its place', () => {
  assert.match(
    faults('web', 'query Sample { viewer { nickname } }'),
    /^web\/Sample:1:25: Cannot query field "nickname" on type "Viewer"/,
  );
});

test('an inaccessible field is not part of what clients see', () => {
  const source = 'query Sample { partnerCredential(keySha256: "x") { client } }';
  assert.match(faults('web', source), /Cannot query field "partnerCredential"/);
});

test('a partner may not use a field, an internal field or an input outside of its contract', () => {
  const outside = {
    'query Sample { depots { nodes { id } } }': /Query\.depots is outside/,
    'query Sample { orders { nodes { id depot { id } } } }': /Order\.depot is outside/,
    'query Sample { orders { nodes { route { driver { id } } } } }': /Route\.driver is outside/,
    'query Sample { report(id: "x") { subject { ... on Depot { name } } } }':
      /Depot\.name is outside/,
    'mutation Sample { vehicleCreate(input: { idempotencyKey: "k", displayName: "a", registrationPlate: "b", kind: VAN, homeDepotId: "d", capacity: { weightKg: 1, volumeM3: 1 } }) { vehicle { id } } }':
      /VehicleCreateInput is outside/,
  };
  for (const [source, reason] of Object.entries(outside)) {
    assert.match(faults('partner-sample', source), reason);
  }
});

test('the same fields are open to clients that are no partner', () => {
  assert.equal(faults('web', 'query Sample { orders { nodes { id depot { id } } } }'), '');
});
