import { listed, recordOf } from './records.ts';
import type { HarbourRecord } from './records.ts';
import type { SubgraphModel } from './world.ts';

const typeDefs = `#graphql
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
    "@key" "@shareable" "@external" "@requires"
  ])

  type Query {
    expensive(first: Int = 2): [Parcel]
    shout(text: String!, at: [Currency!]! = [EUR, JPY], blob: Json): String!
    version: String! @shareable
  }
  scalar Json
  enum Currency { EUR USD JPY }
  enum Unit { CM INCH }
  type Money { amount: Float! currency: Currency! text(style: String = "plain"): String! }
  type Parcel @key(fields: "id") {
    id: ID!
    weightKg: Float @external
    packing: [Box!] @external
    seal: Seal @external
    measure(unit: Unit! = CM): Int @external
    depot: Depot @external
    price(currency: Currency! = EUR): Money!
    prices: [[Money]!]
    toll: Float @requires(fields: "weightKg")
    volume: Float @requires(fields: "packing { width height }")
    girth: Int @requires(fields: "measure(unit: INCH)")
    span: Int @requires(fields: "measure(unit: CM)")
    duty: String @requires(fields: "depot { site { country } }")
    sealFee: Int
      @requires(fields: "seal { __typename ... on Wax { color } ... on Lock { pins maker { name } } }")
    waxTax: Int @requires(fields: "seal { ... on Wax { color } }")
  }
  union Seal = Wax | Lock
  type Wax @shareable { color: String }
  type Lock @shareable { pins: Int maker: Maker }
  type Maker @shareable { name: String }
  type Box @shareable { width: Int height: Int }
  type Site @shareable { country: String! code: ID! }
  type Depot @key(fields: "site { country code }") { site: Site! }
`;

/** What moving a parcel costs: computed from what other subgraphs know of it. */
export const tariff: SubgraphModel = {
  name: 'tariff',
  typeDefs,
  resolvers: {
    Query: {
      expensive: (_, { first }) =>
        listed('Parcel')
          .slice(0, Number(first ?? 1))
          .map(bareParcel),
      shout: (_, args) => JSON.stringify(args).toUpperCase(),
      version: () => 'v1',
    },
    Parcel: {
      price: (parcel, { currency }) => money(parcel, currency),
      prices: (parcel) => [[money(parcel, 'EUR'), null], [], [money(parcel, 'JPY')]],
      toll: ({ weightKg }) => tollOf(weightKg),
      volume: ({ packing }) => volumeOf(packing),
      girth: ({ measure }) => perimeterOf(measure),
      span: ({ measure }) => perimeterOf(measure),
      duty: ({ depot }) => dutyOf(depot),
      sealFee: ({ seal }) => sealFeeOf(seal),
      waxTax: ({ seal }) => waxTaxOf(seal),
    },
    Money: {
      text: (price, { style }) => `${String(style)} ${String(price['amount'])}`,
    },
  },
  references: { Parcel: ({ id }) => bareParcel(recordOf(id)) },
};

/** The toll of a weight; null for no weight. */
export function tollOf(weightKg: unknown): number | null {
  return typeof weightKg === 'number' ? weightKg * 2 : null;
}

/** The sum of the boxes; null for no list. */
export function volumeOf(packing: unknown): number | null {
  if (!Array.isArray(packing)) return null;
  const boxes = packing as { width: number | null; height: number | null }[];
  return boxes.reduce((sum, { width, height }) => sum + (width ?? 100) * (height ?? 1000), 0);
}

/** Four times the length; null for no length. */
export function perimeterOf(measure: unknown): number | null {
  return typeof measure === 'number' ? measure * 4 : null;
}

/** The country that levies the duty. */
export function dutyOf(depot: unknown): string | null {
  const known = depot as { site?: { country?: string } | null } | null | undefined;
  return known?.site?.country === undefined ? null : `to ${known.site.country}`;
}

/** What breaking the seal costs: it needs the fields of the very type. */
export function sealFeeOf(seal: unknown): number | null {
  const known = seal as { __typename: string } & Record<string, unknown>;
  if (known?.__typename === 'Wax') return String(known['color']).length;
  if (known?.__typename !== 'Lock') return null;
  const maker = known['maker'] as { name: string } | null;
  return Number(known['pins'] ?? 0) * 10 + (maker?.name.length ?? 0);
}

/** What colored wax costs: nothing is known of other seals, nor that they are others. */
export function waxTaxOf(seal: unknown): number | null {
  const color = (seal as { color?: unknown } | null)?.color;
  return typeof color === 'string' ? color.length : null;
}

/** Only what tariff itself knows, so that nothing but the representation can tell it more. */
function bareParcel(parcel: HarbourRecord | null): HarbourRecord | null {
  return parcel && { ref: parcel.ref, __typename: 'Parcel', id: parcel['id'] };
}

function money({ ref }: HarbourRecord, currency: unknown): HarbourRecord {
  const amount = ref.charCodeAt(1) * (currency === 'JPY' ? 100 : 1.1);
  return { ref: `${ref} ${String(currency)}`, __typename: 'Money', amount, currency };
}
