const BASIC = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/
const IMF_FIXDATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/** `20150830T123600Z` as milliseconds since the epoch; undefined when it is not exactly that form and a real instant. */
export function parseBasicTimestamp(text: string): number | undefined {
  const match = BASIC.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second] = match
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  return formatBasicTimestamp(at) === text ? at : undefined
}

/** The Date header: the basic form, or RFC 9110 5.6.7's IMF-fixdate. */
export function parseDateHeader(text: string): number | undefined {
  const basic = parseBasicTimestamp(text)
  if (basic !== undefined) return basic
  if (!IMF_FIXDATE.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) || new Date(at).toUTCString() !== text ? undefined : at
}

/** Milliseconds as `20150830T123600Z`. */
export function formatBasicTimestamp(at: number): string {
  const iso = new Date(at).toISOString()
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}Z`
}
