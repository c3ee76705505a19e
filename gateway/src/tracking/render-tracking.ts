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
    promisedWindow &&
      fact('Promised', `${time(promisedWindow.start)} to ${time(promisedWindow.end)}`),
    eta && fact('Expected', time(eta.at)),
    stopsAway !== null && fact('Before yours', stopsAway === 1 ? '1 stop' : `${stopsAway} stops`),
  ];
  const history = events
    .toReversed()
    .map(({ type, occurredAt }) => `<li><b>${words(type)}</b> ${time(occurredAt)}</li>`);
  return `<h1>${words(status)}</h1>
<dl>${facts.filter(Boolean).join('')}</dl>
<ol>${history.join('')}</ol>`;
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
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 32rem; margin: 3rem auto; padding: 0 1.25rem; }
header { font-weight: 600; color: #4357d6; }
h1 { font-size: 2rem; line-height: 1.2; margin: 1.5rem 0 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
dt { opacity: .7; } dd { margin: 0; }
ol { list-style: none; margin: 2rem 0 0; padding: 0; border-left: 2px solid #4357d6; }
li { padding: .4rem 0 .4rem 1rem; } li b { display: block; }
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
