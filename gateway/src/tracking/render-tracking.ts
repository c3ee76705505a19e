/** The answer of the registered operation `PublicTracking`. */
export type Tracking =
  | {
      __typename: 'TrackedDelivery';
      status: string;
      promisedWindow: { start: string; end: string } | null;
      eta: { at: string } | null;
      stopsAway: number | null;
      events: { type: string; occurredAt: string }[];
    }
  | { __typename: 'TrackingExpired'; expiredAt: string }
  | { __typename: 'TrackingNotFound'; message: string };

/** The page for an answer; null when there was none. Times are in UTC and say so. */
export function renderTracking(tracking: Tracking | null): string {
  return page(bodyOf(tracking));
}

function bodyOf(tracking: Tracking | null): string {
  switch (tracking?.__typename) {
    case 'TrackedDelivery':
      return deliveryOf(tracking);
    case 'TrackingExpired':
      return notice('Tracking has ended', `It ended on ${time(tracking.expiredAt)}.`);
    case 'TrackingNotFound':
      return notice('Nothing to track here', 'Please compare the link with the one you were sent.');
    case undefined:
      return notice('Not available right now', 'Please try again in a minute.');
  }
}

type Delivery = Extract<Tracking, { __typename: 'TrackedDelivery' }>;

function deliveryOf({ status, promisedWindow, eta, stopsAway, events }: Delivery): string {
  const facts = [
    eta && fact('Expected', time(eta.at)),
    stopsAway !== null && fact('Before yours', stopsAway === 1 ? '1 stop' : `${stopsAway} stops`),
    promisedWindow && fact('Promised', window(promisedWindow)),
  ].filter((text) => text !== null && text !== false);
  const history = events
    .toReversed()
    .map(({ type, occurredAt }) => `<li><b>${words(type)}</b> ${time(occurredAt)}</li>`);
  return [
    `<h1>${words(status)}</h1>`,
    ...(facts.length > 0 ? [`<dl>${facts.join('')}</dl>`] : []),
    `<ol>${history.join('')}</ol>`,
  ].join('\n');
}

const fact = (name: string, value: string): string => `<dt>${name}</dt><dd>${value}</dd>`;

const notice = (title: string, text: string): string => `<h1>${title}</h1><p>${text}</p>`;

/** `ATTEMPT_FAILED` as `Attempt failed`. */
function words(constant: string): string {
  const text = constant.toLowerCase().replaceAll('_', ' ');
  return escaped(text.charAt(0).toUpperCase() + text.slice(1));
}

const FORMAT = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
});

const time = (instant: string): string =>
  `<time datetime="${escaped(instant)}">${FORMAT.format(new Date(instant))} UTC</time>`;

/** `22 Nov 2026, 13:30–17:30 UTC`, with the second day where there is one. */
function window({ start, end }: { start: string; end: string }): string {
  return `${FORMAT.formatRange(new Date(start), new Date(end))} UTC`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

const page = (body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Your delivery · quantumroute</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; --accent: light-dark(#4357d6, #9aa8ff); }
body { max-width: 30rem; margin: 0 auto; padding: 2.5rem 1.25rem; }
header { font-weight: 600; color: var(--accent); }
h1 { font-size: 2rem; line-height: 1.2; margin: 1.5rem 0 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .4rem 1rem; margin: 0; padding: .9rem 1rem; border-radius: .6rem; background: light-dark(#f2f4ff, #23273d); }
dt, li time { opacity: .7; }
dd { margin: 0; }
ol { list-style: none; margin: 2rem 0 0 .4rem; padding: 0; border-left: 2px solid var(--accent); }
li { position: relative; padding: 0 0 1rem 1.4rem; }
li:last-child { padding-bottom: 0; }
li::before { content: ""; position: absolute; left: -.45rem; top: .35rem; width: .5rem; height: .5rem; border: 2px solid var(--accent); border-radius: 50%; background: Canvas; }
li:first-child::before { background: var(--accent); }
li b { display: block; }
</style>
</head>
<body>
<header>quantumroute</header>
<main>
${body}
</main>
</body>
</html>
`;
