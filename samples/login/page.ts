const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')

/** Nothing in the page runs or is fetched, whatever the provider or the buckets are called. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

/** A page of a heading and texts, all of them escaped. `result` is shown as it is printed in the terminal. */
export function page(heading: string, sentence: string, result?: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(heading)}</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 10vh auto; padding: 0 1rem }
  pre { overflow-x: auto; padding: 1rem; border: 1px solid }
</style>
<h1>${escaped(heading)}</h1>
<p>${escaped(sentence)}</p>
${result === undefined ? '' : `<pre>${escaped(result)}</pre>\n`}</html>
`
}
