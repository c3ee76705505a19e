/** A benchmark instance as its file states it: its own units, nothing scaled or rounded. */
export type RawInstance = {
  /** The file's name without its ending. */
  readonly name: string;
  readonly file: string;
  readonly format: RawFormat;
  /** null: as many as are wanted. */
  readonly vehicles: number | null;
  readonly capacity: number;
  /** The depot first. Everything else refers to a node by its index here. */
  readonly nodes: readonly RawNode[];
  /** Empty unless goods are picked up at one customer and delivered to another. */
  readonly pairs: readonly RawPair[];
};

export type RawFormat = 'SOLOMON' | 'LI_LIM' | 'CVRPLIB';

export type RawNode = {
  readonly x: number;
  readonly y: number;
  /** Negative where a pair's goods leave the vehicle. */
  readonly demand: number;
  /** First and last moment at which service may start, both included; the depot's are those of the day. */
  readonly ready: number;
  readonly due: number;
  readonly service: number;
};

export type RawPair = {
  readonly pickup: number;
  readonly delivery: number;
};
