import { redisKey } from '@quantumroute/ops/redis';

import { blocksOf, forEachAtMost } from './blocks.ts';
import type { Block } from './blocks.ts';
import { cellOf, centreOf } from './geohash.ts';
import type { RoadProvider, TableQuestion } from './road-provider.ts';
import type { Segment, SegmentCache } from './segment-cache.ts';
import { emptySegments } from './segments.ts';
import type { Segments } from './segments.ts';
import { SingleFlight } from './single-flight.ts';
import { timeBandOf } from './time-band.ts';

/** The legs of a router, remembered. Throws a `RoadDataError`, or the signal's reason. */
export type RoadNetwork = {
  table(question: TableQuestion, options: { signal: AbortSignal }): Promise<Segments>;
};

export type RoadNetworkOptions = {
  provider: RoadProvider;
  cache: SegmentCache;
  /** Of the road data: with another one, nothing is remembered any more. */
  version: string;
  /** Origins and destinations of one request together. */
  maxCoordinates: number;
  /** Blocks of one table that are loaded at the same time. */
  concurrency: number;
  /** Whether times differ by the hour: then each time band is remembered apart. */
  followsTraffic: boolean;
};

/**
 * A table is cut into blocks, and each block costs one look-up in the cache, at most one request for
 * everything that is missing, and one write. Callers who ask for the same block at the same time
 * share it. Places are the centres of their cells, so that what is remembered does not depend on who
 * asked first.
 */
export function createRoadNetwork(options: RoadNetworkOptions): RoadNetwork {
  const { provider, version, maxCoordinates, concurrency, followsTraffic } = options;
  const flights = new SingleFlight<Segments>();
  return {
    async table(question, { signal }) {
      const { profile, localTime } = question;
      const origins = cellsOf(question.origins);
      const destinations = cellsOf(question.destinations);
      const band = followsTraffic && localTime !== null ? timeBandOf(localTime) : null;
      const name = provider.profileName(profile) ?? profile;
      const keyPrefix = `${redisKey('', provider.name, version, name, band?.name ?? 'any')}:`;
      const columns = destinations.distinct.length;
      const size = { rows: origins.distinct.length, columns };
      const table = emptySegments(size.rows * columns);
      const stop = new AbortController();
      const either = AbortSignal.any([signal, stop.signal]);
      const loadInto = async (block: Block) => {
        const cells = cellsIn(block, { origins, destinations });
        const found = await flights.run(
          `${keyPrefix}${cells.origins.join('')}>${cells.destinations.join('')}`,
          (flightSignal) =>
            loadBlock(options, {
              ...cells,
              keyPrefix,
              ask: { profile, localTime: band?.localTime ?? null },
              signal: flightSignal,
            }),
          { signal: either },
        );
        copyBlock(found, block, { table, columns });
      };
      try {
        await forEachAtMost(concurrency, blocksOf(size, maxCoordinates), loadInto);
      } catch (error) {
        stop.abort();
        throw error;
      }
      return tableOfPoints(table, { origins, destinations });
    },
  };
}

/** Points as cells: each cell once, and where each point's cell is in that list. */
type Cells = { readonly distinct: readonly string[]; readonly positions: readonly number[] };

function cellsOf(points: TableQuestion['origins']): Cells {
  const known = new Map<string, number>();
  const positions = points.map((point) => {
    const cell = cellOf(point);
    const position = known.get(cell) ?? known.size;
    known.set(cell, position);
    return position;
  });
  return { distinct: [...known.keys()], positions };
}

type BothCells = { origins: Cells; destinations: Cells };

function cellsIn({ rows, columns }: Block, { origins, destinations }: BothCells) {
  return {
    origins: origins.distinct.slice(...rows),
    destinations: destinations.distinct.slice(...columns),
  };
}

type BlockLoad = {
  origins: readonly string[];
  destinations: readonly string[];
  keyPrefix: string;
  ask: Pick<TableQuestion, 'profile' | 'localTime'>;
  signal: AbortSignal;
};

/** A leg of the block that starts and ends in different cells; one cell is no way at all. */
type WantedLeg = { row: number; column: number; key: string };

async function loadBlock(
  { provider, cache }: RoadNetworkOptions,
  { origins, destinations, keyPrefix, ask, signal }: BlockLoad,
): Promise<Segments> {
  const columns = destinations.length;
  const block = emptySegments(origins.length * columns);
  const put = ({ row, column }: WantedLeg, { durationSeconds, distanceMeters }: Segment) => {
    block.durationSeconds[row * columns + column] = durationSeconds;
    block.distanceMeters[row * columns + column] = distanceMeters;
  };
  const wanted = wantedLegs(origins, destinations, keyPrefix);
  if (wanted.length === 0) return block;
  const remembered = await cache.read(wanted.map(({ key }) => key));
  const missing = wanted.filter((leg, index) => {
    const segment = remembered[index] ?? null;
    if (segment !== null) put(leg, segment);
    return segment === null;
  });
  if (missing.length === 0) return block;
  // The router takes rows and columns: those in which something is missing.
  const missingRows = [...new Set(missing.map(({ row }) => row))];
  const missingColumns = [...new Set(missing.map(({ column }) => column))];
  const question = {
    ...ask,
    origins: missingRows.map((row) => centreOf(origins[row]!)),
    destinations: missingColumns.map((column) => centreOf(destinations[column]!)),
  };
  const found = await provider.table(question, { signal });
  const rowOf = new Map(missingRows.map((row, index) => [row, index]));
  const columnOf = new Map(missingColumns.map((column, index) => [column, index]));
  const entries = missing.map((leg) => {
    const index = rowOf.get(leg.row)! * missingColumns.length + columnOf.get(leg.column)!;
    const segment = {
      durationSeconds: found.durationSeconds[index]!,
      distanceMeters: found.distanceMeters[index]!,
    };
    put(leg, segment);
    return { key: leg.key, segment };
  });
  await cache.write(entries);
  return block;
}

function wantedLegs(
  origins: readonly string[],
  destinations: readonly string[],
  keyPrefix: string,
): WantedLeg[] {
  return origins.flatMap((from, row) =>
    destinations.flatMap((to, column) =>
      from === to ? [] : [{ row, column, key: keyPrefix + from + to }],
    ),
  );
}

function copyBlock(
  found: Segments,
  { rows: [firstRow, endRow], columns: [firstColumn, endColumn] }: Block,
  { table, columns }: { table: Segments; columns: number },
): void {
  const width = endColumn - firstColumn;
  for (let row = firstRow; row < endRow; row++) {
    const from = (row - firstRow) * width;
    const to = row * columns + firstColumn;
    table.durationSeconds.set(found.durationSeconds.subarray(from, from + width), to);
    table.distanceMeters.set(found.distanceMeters.subarray(from, from + width), to);
  }
}

function tableOfPoints(cellTable: Segments, { origins, destinations }: BothCells): Segments {
  const columns = destinations.distinct.length;
  const width = destinations.positions.length;
  const table = emptySegments(origins.positions.length * width);
  for (const [row, originCell] of origins.positions.entries()) {
    for (const [column, destinationCell] of destinations.positions.entries()) {
      const from = originCell * columns + destinationCell;
      table.durationSeconds[row * width + column] = cellTable.durationSeconds[from]!;
      table.distanceMeters[row * width + column] = cellTable.distanceMeters[from]!;
    }
  }
  return table;
}
