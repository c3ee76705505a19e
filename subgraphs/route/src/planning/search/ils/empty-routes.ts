import type { InstanceVehicle } from '../../instance/instance.ts';

/** One empty route of each kind of vehicle, the first `count` of the list. */
export class EmptyRoutes {
  readonly list: Int32Array;
  count = 0;
  readonly #vehicles: readonly InstanceVehicle[];
  readonly #isUsed: Uint8Array;
  readonly #kindSeen: Uint8Array;

  constructor(vehicles: readonly InstanceVehicle[]) {
    this.#vehicles = vehicles;
    this.list = new Int32Array(vehicles.length);
    this.#isUsed = new Uint8Array(vehicles.length);
    this.#kindSeen = new Uint8Array(1 + Math.max(...vehicles.map(({ kind }) => kind)));
    this.#fill();
  }

  setUsed(route: number, isUsed: boolean): void {
    const used = isUsed ? 1 : 0;
    if (this.#isUsed[route] === used) return;
    this.#isUsed[route] = used;
    this.#fill();
  }

  #fill(): void {
    this.#kindSeen.fill(0);
    this.count = 0;
    for (let route = 0; route < this.#vehicles.length; route++) {
      const { kind } = this.#vehicles[route]!;
      if (this.#isUsed[route] === 1 || this.#kindSeen[kind] === 1) continue;
      this.#kindSeen[kind] = 1;
      this.list[this.count++] = route;
    }
  }
}
