import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ID_PREFIXES, decodeId, encodeId, isUuid, newId, parseId } from './ids.ts';
import type { IdType } from './ids.ts';

test('an id survives the way to the client and back, for every type', () => {
  for (const type of Object.keys(ID_PREFIXES) as IdType[]) {
    const uuid = newId();
    const id = encodeId(type, uuid);
    assert.match(id, new RegExp(`^${ID_PREFIXES[type]}_[0-9a-z]{26}$`));
    assert.equal(decodeId(type, id), uuid);
    assert.deepEqual(parseId(id), { type, uuid });
  }
});

test('new ids are UUIDs of version 7 that sort by time', () => {
  const ids = Array.from({ length: 1000 }, newId);
  assert.ok(ids.every((id) => isUuid(id) && id[14] === '7'));
  assert.deepEqual(ids.toSorted(), ids);
});

test('an id of another type is not decoded', () => {
  assert.equal(decodeId('driver', encodeId('vehicle', newId())), null);
});

test('a malformed id is not decoded, and each id has one spelling', () => {
  const id = encodeId('vehicle', newId());
  const malformed = [
    '',
    'veh_',
    'veh',
    id.toUpperCase(),
    `${id} `,
    `${id}0`,
    id.slice(0, -1),
    `veh_8${id.slice(5)}`,
    `${id.slice(0, -1)}u`,
    `veh_${'\0'.repeat(26)}`,
    'veh__01jd',
    newId(),
  ];
  for (const text of malformed) assert.equal(decodeId('vehicle', text), null, JSON.stringify(text));
  assert.equal(parseId('nothing'), null);
});

test('encoding refuses what is no UUID', () => {
  assert.throws(() => encodeId('vehicle', 'veh_1'), /lower-case UUID, got "veh_1"/);
});
