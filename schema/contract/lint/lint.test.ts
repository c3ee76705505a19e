import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSubgraphs } from '../composition.ts';
import { lint } from './lint.ts';

/** The faults after one change to the SDL of one subgraph. */
function faultsAfter(name: string, from: string, to: string): string[] {
  const subgraphs = readSubgraphs().map((subgraph) => {
    if (subgraph.name !== name) return subgraph;
    assert.ok(subgraph.sdl.includes(from), `${name} has no ${from}`);
    return { ...subgraph, sdl: subgraph.sdl.replace(from, to) };
  });
  return lint(subgraphs);
}

test('the committed schema keeps its conventions', () => {
  assert.deepEqual(lint(readSubgraphs()), []);
});

test('a reference to an entity of another subgraph has to be nullable', () => {
  assert.deepEqual(faultsAfter('route', '  partner: Partner\n', '  partner: Partner!\n'), [
    'route: Order.partner: needs to be nullable, it depends on another subgraph',
  ]);
});

test('a union with an entity of another subgraph has to be nullable', () => {
  assert.deepEqual(faultsAfter('report', 'subject: ReportSubject', 'subject: ReportSubject!'), [
    'report: Report.subject: needs to be nullable, it depends on another subgraph',
  ]);
});

test('a field contributed to an entity of another subgraph has to be nullable and guarded', () => {
  const faults = faultsAfter(
    'route',
    '  activeRoute: Route @requiresScopes',
    '  activeRoute: Route! #',
  );
  assert.deepEqual(faults, [
    'route: Vehicle.activeRoute: needs to be nullable, it depends on another subgraph',
    'route: Vehicle.activeRoute: needs @authenticated or @requiresScopes',
  ]);
});

test('a list has to be bounded', () => {
  assert.deepEqual(
    faultsAfter('fleet', 'skills: [String!]! @listSize(assumedSize: 5)', 'skills: [String!]!'),
    ['fleet: Driver.skills: is a list and needs @listSize'],
  );
});

test('a field that returns a connection has to take `first` and declare it', () => {
  const faults = faultsAfter(
    'report',
    '@listSize(slicingArguments: ["first"], sizedFields: ["nodes"])',
    '',
  );
  assert.equal(faults.length, 1);
  assert.match(faults.join(), /^report: Query\.reports: needs `first` and @listSize/);
});

test('a root field has to be guarded', () => {
  assert.deepEqual(
    faultsAfter(
      'fleet',
      '  depot(id: ID!): Depot @requiresScopes(scopes: [["fleet:read"]])',
      '  depot(id: ID!): Depot',
    ),
    ['fleet: Query.depot: needs @authenticated or @requiresScopes'],
  );
});

test('the value types have to be the same text everywhere', () => {
  assert.deepEqual(faultsAfter('report', '"WGS 84."', '"World Geodetic System."'), [
    'report: value types differ from those of fleet',
  ]);
});

test('an entity has to have one owner', () => {
  const faults = faultsAfter('route', 'type Plan implements Node @key', 'type Plan @key');
  assert.match(faults.join('\n'), /^Plan: needs one owner that implements Node, got none/m);
});
