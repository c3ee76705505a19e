/** The page's frame. `bundleKey` names the bundle, so that a browser keeps it until it changes. */
export function pageHtml(bundleKey: string): string {
  const bundle = `/explorer/${bundleKey}`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>quantumroute</title>
    <link rel="icon" href="${ICON}" />
    <link rel="stylesheet" href="${bundle}/main.css" />
    <script type="module" src="${bundle}/main.js"></script>
  </head>
  <body>
    <div id="root">
      <p class="notice" style="font: 15px/1.5 system-ui, sans-serif; margin: 20vh auto; text-align: center">
        Opening the explorer … it is built when it is opened for the first time, which takes some seconds.
      </p>
    </div>
  </body>
</html>
`;
}

/** Nothing may come from, or go to, another origin. The editor writes its own style elements. */
export function pageHeaders(): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "worker-src 'self'",
      "connect-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "font-src 'self' data:",
      "img-src 'self' data:",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M8 1a5 5 0 0 0-5 5c0 4 5 9 5 9s5-5 5-9a5 5 0 0 0-5-5z" fill="#2dd4bf"/><circle cx="8" cy="6" r="2" fill="#18212f"/></svg>',
)}`;
