import { fixedId } from './fixed-id.ts';

/** Organization A of the demo: three depots in two metropolitan areas of the United States. */
export const LARKFIELD = fixedId('organization', 1);
/** Organization B: one depot in France. Its users must see nothing of A. */
export const COPPERLINE = fixedId('organization', 2);

/** The partner of A that calls the API with a key of its own. */
export const HARBOR_GOODS = fixedId('partner', 1);
/** Another partner of A: what Harbor Goods must not see. */
export const JUNIPER_PHARMACY = fixedId('partner', 2);
/** A partner of B. */
export const MAISON_ORME = fixedId('partner', 3);

/** Depots by code. The first is the one that the demo opens. */
export const DEMO_DEPOTS = {
  'CHI-N': fixedId('depot', 1),
  'CHI-S': fixedId('depot', 2),
  MSP: fixedId('depot', 3),
  LYS: fixedId('depot', 4),
} as const;

/** Vehicle and driver number n (from 1) of the demo have the home depots of `demo/fleet-plan.ts`. */
export const demoVehicleId = (number: number): string => fixedId('vehicle', number);
/** Driver n drives vehicle n on each day that both work. */
export const demoDriverId = (number: number): string => fixedId('driver', number);

/** Who a demo token speaks for; ids are UUIDs. Never valid outside of a local installation. */
export type DemoIdentity = {
  label: string;
  kind: 'user' | 'driver';
  subject: string;
  organizationId: string;
  driverId: string | null;
  scopes: readonly string[];
};

const DISPATCHER_SCOPES = [
  'fleet:read',
  'fleet:write',
  'drivers:pii',
  'finance:read',
  'orders:read',
  'orders:write',
  'routes:read',
  'routes:write',
  'experiments:read',
  'experiments:write',
  'reports:read',
  'reports:write',
] as const;

const ANALYST_SCOPES = [
  'fleet:read',
  'orders:read',
  'routes:read',
  'experiments:read',
  'reports:read',
  'reports:write',
];

/** The demo's people. */
export const demoIdentities = {
  dispatcher: user(
    1,
    'Dana Whitfield, dispatcher at Larkfield Parcel',
    LARKFIELD,
    DISPATCHER_SCOPES,
  ),
  analyst: user(2, 'Ravi Okonkwo, analyst at Larkfield Parcel', LARKFIELD, ANALYST_SCOPES),
  otherDispatcher: user(
    3,
    'Camille Perrot, dispatcher at Copperline Logistics',
    COPPERLINE,
    DISPATCHER_SCOPES,
  ),
  driver: driver(1, LARKFIELD, 'Xavier Kim, driver at Larkfield Parcel'),
  secondDriver: driver(2, LARKFIELD, 'Daniel Larsen, driver at Larkfield Parcel'),
} as const satisfies Record<string, DemoIdentity>;

/** The demo's API keys. The database holds the SHA-256 of `key` only. */
export const demoApiKeys = [
  {
    id: fixedId('apiKey', 1),
    label: 'Harbor Goods, partner of Larkfield Parcel',
    key: 'qr_demo_harbor_goods_5c1e70d2a94b4f0f8d3c',
    organizationId: LARKFIELD,
    partnerId: HARBOR_GOODS,
    client: 'partner-harbor',
    scopes: ['orders:read', 'orders:write', 'reports:read', 'reports:write'],
  },
] as const;

/** The identity of driver n of an organization, for tokens that a demo makes for more drivers. */
export function driver(
  number: number,
  organizationId: string,
  label = `Driver ${number}`,
): DemoIdentity {
  const driverId = demoDriverId(number);
  return {
    label,
    kind: 'driver',
    subject: driverId,
    organizationId,
    driverId,
    scopes: ['driver:self', 'telemetry:write'],
  };
}

function user(
  number: number,
  label: string,
  organizationId: string,
  scopes: readonly string[],
): DemoIdentity {
  const subject = fixedId('user', number);
  return { label, kind: 'user', subject, organizationId, driverId: null, scopes };
}
