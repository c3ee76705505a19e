/**
 * A thing of the harbour as every subgraph and the oracle know it. `ref` is unique; fields named
 * `…Ref` and `…Refs` point at other records.
 */
export type HarbourRecord = { ref: string; __typename: string } & Readonly<Record<string, unknown>>;

/** All records, by `ref`. */
export const RECORDS: ReadonlyMap<string, HarbourRecord> = new Map(
  [...people(), ...depots(), ...cargo(), ...notes()].map((record) => [record.ref, record]),
);

/** The record that `ref` points at; throws when it points nowhere, null when it is null. */
export function recordOf(ref: unknown): HarbourRecord | null {
  if (ref === null || ref === undefined) return null;
  const record = typeof ref === 'string' ? RECORDS.get(ref) : undefined;
  if (!record) throw new Error(`Needs the ref of a record, got ${JSON.stringify(ref)}`);
  return record;
}

/** The records that a list of refs points at, null for null. */
export function recordsOf(refs: unknown): (HarbourRecord | null)[] {
  return (refs as readonly unknown[]).map(recordOf);
}

/** All records of a type, in order, without those that only references know. */
export function listed(...types: string[]): HarbourRecord[] {
  return [...RECORDS.values()].filter(
    (record) => types.includes(record.__typename) && record['ghostOf'] === undefined,
  );
}

/**
 * The record of a type that a client asks for: the one with that id, none for `nobody`, and for an
 * id of another type some record, so that random ids find something.
 */
export function askedFor(id: unknown, ...types: string[]): HarbourRecord | null {
  const record = RECORDS.get(String(id));
  if (!record) return null;
  if (types.includes(record.__typename)) return record;
  const records = listed(...types);
  return records[record.ref.charCodeAt(1) % records.length] ?? null;
}

// A record with `ghostOf` is referred to by others, but may be unknown to the subgraph of that name.
function people(): HarbourRecord[] {
  const person = (id: string, more: object): HarbourRecord => ({
    ref: id,
    __typename: 'Person',
    id,
    role: 'DRIVER',
    nick: null,
    bossRef: 'u1',
    teamRefs: [],
    baseRef: 'd1',
    carriesRefs: [],
    ...more,
  });
  return [
    person('u1', {
      name: 'Ada',
      nick: 'the "boss"\\',
      bossRef: null,
      teamRefs: ['u2', 'u3', 'u2'],
    }),
    person('u2', { name: 'Bo\u2028Bo', nick: '\ud800 alone', teamRefs: null, role: 'GUARD' }),
    person('u3', { name: 'Çağla 🚢', baseRef: 'd2', carriesRefs: ['p1', null, 'p2', 'p1'] }),
    person('u4', { name: '', nick: '</script>', baseRef: null, carriesRefs: null, role: 'ADMIN' }),
    person('u5', { name: 'tab\tnew\nline\u0000', bossRef: 'u3', baseRef: 'd5', teamRefs: ['u4'] }),
    person('u7', { name: 'Ghost', nick: 'boo', teamRefs: ['u1'], ghostOf: 'crew' }),
  ];
}

function depots(): HarbourRecord[] {
  const depot = (id: string, site: object, more: object): HarbourRecord => ({
    ref: id,
    __typename: 'Depot',
    site,
    nearestRefs: ['d1', 'd2', 'd1'],
    mapRefs: [['d1', null], null, ['d3']],
    keeperRef: 'u2',
    ...more,
  });
  return [
    depot('d1', { country: 'NL', code: '1' }, { name: 'Maas', capacity: 40 }),
    depot('d2', { country: 'NL', code: '2' }, { name: 'Waal', capacity: null, keeperRef: 'u7' }),
    depot('d3', { country: 'SE', code: '1' }, { name: 'Öre', capacity: 0, nearestRefs: [] }),
    depot('d4', { country: '', code: '"' }, { name: '${x}', capacity: -7, mapRefs: [[], []] }),
    depot('d5', { country: 'XX', code: '5' }, { name: 'Ghost', capacity: 5, ghostOf: 'atlas' }),
  ];
}

function cargo(): HarbourRecord[] {
  const item = (id: string, __typename: string, more: object): HarbourRecord => ({
    ref: id,
    __typename,
    id,
    label: `label of ${id}`,
    weightKg: id.charCodeAt(1) / 4,
    kind: 'SMALL',
    ownerRef: 'u3',
    depotRef: 'd1',
    stars: id.charCodeAt(1) % 5,
    noteRefs: ['n1', 'n2', 'n3'],
    ...more,
  });
  const parcel = (id: string, more: object) =>
    item(id, 'Parcel', { code: `code ${id}`, size: id.charCodeAt(1) * 3, ...more });
  const crate = (id: string, more: object) => item(id, 'Crate', { innerRef: null, ...more });
  const barrel = (id: string, more: object) => item(id, 'Barrel', { litres: 200, ...more });
  const box = (width: number | null, height: number | null) => ({ width, height });
  const wax = { __typename: 'Wax', color: 'red' };
  const lock = { __typename: 'Lock', pins: 5, maker: { name: 'Ly' } };
  return [
    parcel('p1', { packing: [box(2, 3), box(1, null)], seal: wax, ownerRef: 'u1' }),
    parcel('p2', { packing: [], seal: lock, weightKg: null, depotRef: 'd3', ownerRef: 'u7' }),
    parcel('p3', { packing: null, seal: null, kind: 'LARGE', depotRef: null, noteRefs: [] }),
    parcel('p4', {
      packing: [box(4, 5)],
      seal: lock,
      weightKg: 1e21,
      depotRef: 'd5',
      kind: 'LARGE',
    }),
    parcel('p5', { packing: [box(7, 7)], seal: wax, ownerRef: null, ghostOf: 'tariff' }),
    crate('c1', { contentRefs: ['p1', 'c2', 'b1', 'p1'], innerRef: 'c2', depotRef: 'd2' }),
    crate('c2', { contentRefs: ['p2', 'p3'], innerRef: 'c3', ownerRef: 'u2', kind: 'LARGE' }),
    crate('c3', { contentRefs: [], ownerRef: 'u5', label: '🧨\u2029"\\' }),
    crate('c4', {
      contentRefs: ['b2', 'p4', 'p5', 'b3'],
      innerRef: 'c4',
      kind: 'SECRET',
      depotRef: 'd4',
    }),
    barrel('b1', { fill: [[0.5, -1.25], []], ownerRef: 'u4', stars: null }),
    barrel('b2', { fill: [[1e-7], [123456789.125]], litres: 0, weightKg: 0, noteRefs: ['n4'] }),
    barrel('b3', { fill: [], litres: -2147483648, ownerRef: 'u1', ghostOf: 'feed' }),
  ];
}

function notes(): HarbourRecord[] {
  const note = (id: string, aboutRef: string, more: object): HarbourRecord => ({
    ref: id,
    __typename: 'Note',
    id,
    text: `note ${id}`,
    aboutRef,
    authorRef: 'u1',
    replyRef: null,
    pinned: false,
    lang: 'EN',
    ...more,
  });
  return [
    note('n1', 'p1', { replyRef: 'n2', pinned: true }),
    note('n2', 'c1', { authorRef: 'u2', lang: 'constructor', text: '\\u0041 "quoted" \\\\' }),
    note('n3', 'b1', { authorRef: 'u5', replyRef: 'n1', lang: null }),
    note('n4', 'p4', { authorRef: 'u4', lang: 'NL', text: '' }),
    note('n5', 'p1', { authorRef: 'u3', replyRef: 'n4', pinned: null }),
  ];
}
