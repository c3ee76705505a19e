/** The public page of one order; the token is the permission to see it. */
export function trackingUrl(publicUrl: string, token: string): string {
  return `${publicUrl}/track/${encodeURIComponent(token)}`;
}
