import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseBestKnown } from './best-known.ts';
import { BrokenFile } from './broken-file.ts';
import { parseInstance } from './read-instance.ts';

const SOLOMON = `tiny1

VEHICLE
NUMBER     CAPACITY
  3         50

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      40         50          0          0        200          0
    1      45         68         10         12         90          5
`;

const LI_LIM = `3\t50\t1
0\t40\t50\t0\t0\t200\t0\t0\t0
1\t45\t68\t-10\t12\t90\t5\t2\t0
2\t41\t62\t10\t0\t80\t5\t0\t1
`;

const CVRPLIB = `NAME : \tT-n3-k2\t
COMMENT : \t"made up"
TYPE : \tCVRP
DIMENSION : \t3
EDGE_WEIGHT_TYPE : \tEUC_2D
CAPACITY : \t60
NODE_COORD_SECTION\t
1\t0\t0
2\t3\t4
3\t30\t40
DEMAND_SECTION
1\t0
2\t25
3\t35
DEPOT_SECTION
\t1
\t-1
EOF
`;

describe('instances', () => {
  it('are read from the format of Solomon, with any line ends', () => {
    for (const text of [SOLOMON, SOLOMON.replaceAll('\n', '\r\n')]) {
      const instance = parseInstance('sets/tiny1.txt', text);
      assert.equal(instance.format, 'SOLOMON');
      assert.equal(instance.name, 'tiny1');
      assert.deepEqual([instance.vehicles, instance.capacity], [3, 50]);
      assert.deepEqual(instance.nodes[1], {
        x: 45,
        y: 68,
        demand: 10,
        ready: 12,
        due: 90,
        service: 5,
      });
    }
  });

  it('are read from the format of Li and Lim, with each pair once', () => {
    const instance = parseInstance('tiny2.txt', LI_LIM);
    assert.equal(instance.format, 'LI_LIM');
    assert.deepEqual(instance.pairs, [{ pickup: 2, delivery: 1 }]);
    assert.equal(instance.nodes.length, 3);
  });

  it('are read from the files of CVRPLIB, with vehicles free and no times', () => {
    const instance = parseInstance('T-n3-k2.vrp', CVRPLIB);
    assert.equal(instance.format, 'CVRPLIB');
    assert.equal(instance.vehicles, null);
    assert.deepEqual(
      instance.nodes.map(({ demand, due }) => [demand, due]),
      [
        [0, Infinity],
        [25, Infinity],
        [35, Infinity],
      ],
    );
  });
});

describe('a broken file is told by path, line and what was expected', () => {
  const cases: [string, string, string, RegExp][] = [
    ['no known format', 'a.txt', 'hello', /^a\.txt:1: expected the format of Solomon/],
    [
      'text for a number',
      'a.txt',
      SOLOMON.replace('68', 'x'),
      /^a\.txt:11: expected number, x, y, .* got "1 +45 +x/,
    ],
    [
      'a customer left out',
      'a.txt',
      SOLOMON.replace('    1 ', '    2 '),
      /^a\.txt:11: expected customer 1, got 2$/,
    ],
    ['no customers', 'a.txt', SOLOMON.replace(/ {4}[01] {4}.*\n/g, ''), /neither depot nor/],
    [
      'a delivery that is no delivery',
      'a.txt',
      LI_LIM.replace('-10', '-11'),
      /^a\.txt:4: task 2 and its delivery 1 are no pair$/,
    ],
    [
      'a delivery without a pickup',
      'a.txt',
      LI_LIM.replace('0\t80\t5\t0\t1', '0\t80\t5\t0\t0'),
      /^a\.txt: 2 tasks do not make pairs/,
    ],
    [
      'another kind of distance',
      'a.vrp',
      CVRPLIB.replace('EUC_2D', 'EXPLICIT'),
      /^a\.vrp:5: expected EDGE_WEIGHT_TYPE : EUC_2D, got "EXPLICIT"$/,
    ],
    [
      'fewer demands than nodes',
      'a.vrp',
      CVRPLIB.replace('3\t35\n', ''),
      /^a\.vrp: expected 3 lines in DEMAND_SECTION, got 2$/,
    ],
    [
      'a depot elsewhere',
      'a.vrp',
      CVRPLIB.replace('\t1\n\t-1', '\t2\n\t-1'),
      /^a\.vrp:16: expected node 1 as the only depot$/,
    ],
  ];
  for (const [what, file, text, message] of cases) {
    it(what, () => {
      assert.throws(
        () => parseInstance(file, text),
        (error) => error instanceof BrokenFile && message.test(error.message),
      );
    });
  }
});

describe('best-known values', () => {
  const HEADER = 'instance,family,vehicles,distance,objective\n';

  it('are found by instance, whatever its case, and never under another convention', () => {
    const values = parseBestKnown(
      'best.csv',
      `${HEADER}R101,solomon,,1637.7,DIMACS\nr101,solomon,19,1650.8,SINTEF hierarchical\n`,
    );
    assert.deepEqual(values('r101', 'DIMACS'), { vehicles: null, value: 1637.7 });
    assert.deepEqual(values('R101', 'SINTEF'), { vehicles: 19, value: 1650.8 });
    assert.equal(values('R101', 'CVRPLIB'), null);
  });

  it('are refused with the line that is broken', () => {
    assert.throws(
      () =>
        parseBestKnown('best.csv', `${HEADER}R101,solomon,,1637.7,DIMACS\nR102,solomon,,,DIMACS`),
      /^BrokenFile: best\.csv:3: expected instance,.* got "R102,solomon,,,DIMACS"$/,
    );
    assert.throws(() => parseBestKnown('best.csv', 'a,b'), /^BrokenFile: best\.csv:1: expected/);
  });
});
