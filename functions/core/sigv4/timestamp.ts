const BASIC = /^\d{8}T\d{6}Z$/

let last: { readonly text: string; readonly at: number | undefined } = { text: '', at: undefined }

/**
 * `20150830T123600Z` as milliseconds since the epoch; undefined when it is not exactly that form and a real instant. The
 * last one is kept: requests of one second share it.
 */
export function parseBasicTimestamp(text: string): number | undefined {
  if (text !== last.text) last = { text, at: readBasicTimestamp(text) }
  return last.at
}

function readBasicTimestamp(text: string): number | undefined {
  if (!BASIC.test(text)) return undefined
  const part = (start: number, end: number) => Number(text.slice(start, end))
  const [year, month, day] = [part(0, 4), part(4, 6) - 1, part(6, 8)]
  const [hour, minute, second] = [part(9, 11), part(11, 13), part(13, 15)]
  const date = new Date(Date.UTC(year, month, day, hour, minute, second))
  // Whatever is out of range rolls over into its neighbour.
  const rolled = date.getUTCFullYear() !== year || date.getUTCDate() !== day
  return rolled || minute > 59 || second > 59 ? undefined : date.getTime()
}

/** The Date header: the basic form, or RFC 9110 5.6.7's IMF-fixdate. */
export function parseDateHeader(text: string): number | undefined {
  const basic = parseBasicTimestamp(text)
  if (basic !== undefined) return basic
  const at = Date.parse(text)
  return Number.isNaN(at) || new Date(at).toUTCString() !== text ? undefined : at
}

/** Milliseconds as `20150830T123600Z`. */
export function formatBasicTimestamp(at: number): string {
  const iso = new Date(at).toISOString()
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}Z`
}
