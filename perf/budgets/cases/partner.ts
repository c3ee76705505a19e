import { encodeId, newId } from '@quantumroute/schema/ids';
import type { Fixture } from '../fixture/fixture.ts';
import { PLACE } from '../fixture/order-rows.ts';
import { dayFromNow } from '../fixture/times.ts';
import type { BudgetCase } from './budget-case.ts';
import { pages, sides, twice } from './budget-case.ts';
import { slotsOf } from './slots.ts';
import { eachOf, reportInput } from './web-single.ts';

/** What the partner with an API key does. */
export function partnerCases(fixture: Fixture): BudgetCase[] {
  const { running, finished } = fixture.reports.partner;
  return [
    twice(PARTNER, { operation: 'PartnerViewer', proof: 'viewer.partner.id' }, [{}, {}]),
    pages(PARTNER, { operation: 'PartnerOrdersSince', proof: 'orders.nodes' }),
    pages(PARTNER, { operation: 'PartnerReports', proof: 'reports.nodes' }),
    pages(PARTNER, {
      operation: 'PartnerReport',
      proof: 'report.rows.nodes',
      id: encodeId('report', finished[0]),
    }),
    // Measured as a query, which the partner has not registered.
    twice('analyst', { operation: 'PartnerReportWatch', proof: 'report.id' }, eachOf(finished)),
    twice(PARTNER, { operation: 'PartnerReportRequest', proof: 'reportRequest.report.id' }, [
      { input: reportInput() },
      // An equal request would be answered with the first report.
      { input: reportInput({ period: { from: dayFromNow(-8), to: dayFromNow(-1) } }) },
    ]),
    twice(
      PARTNER,
      { operation: 'PartnerReportCancel', proof: 'reportCancel.report.id' },
      eachOf(running),
    ),
    twice(
      PARTNER,
      { operation: 'PartnerSlotOffers', proof: 'slotOffers.0.offerToken' },
      slotsOf(fixture),
    ),
    ...orders(fixture),
  ];
}

const PARTNER = 'partner-harbor';

function orders(fixture: Fixture): BudgetCase[] {
  return [
    sides(fixture, {
      caller: PARTNER,
      operation: 'PartnerOrder',
      proof: 'order.events.nodes',
      most: 20,
      variables: ({ long }) => ({
        externalReference: long.stops[0].orders[0].external_reference,
      }),
    }),
    sides(fixture, {
      caller: PARTNER,
      operation: 'PartnerCreateOrders',
      proof: 'ordersCreate.orders',
      variables: ({ depot, today }) => ({
        input: {
          idempotencyKey: newId(),
          orders: depot.crews.map(({ number }) => ({
            externalReference: `CREATED-${depot.code}-${number}`,
            serviceDate: today.date,
            place: place(),
            parcels: [{ reference: 'BOX' }],
          })),
        },
      }),
    }),
    // Both take an order out of a planned route: the stops behind it move up.
    sides(fixture, {
      caller: PARTNER,
      operation: 'PartnerUpdateOrder',
      proof: 'orderUpdate.order.id',
      most: null,
      variables: ({ longTomorrow, tomorrow: { date } }) => ({
        id: encodeId('order', longTomorrow.stops[0].orders[0].id),
        expectedVersion: 1,
        input: {
          place: place(),
          windows: [{ start: `${date}T09:00:00Z`, end: `${date}T11:00:00Z` }],
        },
      }),
    }),
    sides(fixture, {
      caller: PARTNER,
      operation: 'PartnerCancelOrder',
      proof: 'orderCancel.order.id',
      most: null,
      variables: ({ longTomorrow }) => ({
        id: encodeId('order', longTomorrow.stops[1].orders[0].id),
        expectedVersion: 1,
        reason: 'Not wanted any more',
      }),
    }),
  ];
}

function place() {
  return {
    addressLines: ['2 New Street'],
    countryCode: PLACE.country_code,
    point: { latitude: PLACE.latitude, longitude: PLACE.longitude },
  };
}
