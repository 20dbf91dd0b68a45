import { StsError } from '../errors.ts'

/** A decimal of 32 bits, as AWS's integers are. `name` is the parameter that the message speaks of. */
export function parseInteger(text: string, name: string): number {
  const value = /^-?[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= -2_147_483_648 && value <= 2_147_483_647)) {
    throw new StsError('MalformedInput', `${name} must be an integer`)
  }
  return value
}

export function parseBoolean(text: string, name: string): boolean {
  if (text === 'true') return true
  if (text === 'false') return false
  throw new StsError('MalformedInput', `${name} must be true or false`)
}

/** ISO 8601 with a zone, or seconds since the epoch (the forms that AWS's SDKs send). */
export function parseTimestamp(text: string, name: string): Date {
  if (/^[0-9]{1,11}(?:\.[0-9]{1,9})?$/.test(text)) return new Date(Number(text) * 1000)
  const parts = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.exec(text)
  const instant = parts ? Date.parse(text) : Number.NaN
  if (!parts || Number.isNaN(instant) || !isDay(Number(parts[1]), Number(parts[2]), Number(parts[3]))) {
    throw new StsError('MalformedInput', `${name} must be a time such as 2026-01-01T00:00:00Z`)
  }
  return new Date(instant)
}

/** Date.parse takes 30 February for 2 March. */
const isDay = (year: number, month: number, day: number) => day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
