import type { OperatorFamily } from './family.ts'

const EPOCH_SECONDS = /^\d{1,12}(?:\.\d{1,9})?$/
const ISO_8601 =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:[Zz]|([+-])(\d\d):?(\d\d))?)?)?)?$/

/**
 * Milliseconds since the Unix epoch, from ISO 8601 as the W3C profile has it (UTC where no zone is told) or from epoch
 * seconds. Four digits alone are a year. `undefined` for anything else, days that do not exist included.
 */
export function parseInstant(text: string): number | undefined {
  const parts = ISO_8601.exec(text)
  if (!parts) return EPOCH_SECONDS.test(text) ? Number(text) * 1000 : undefined
  const number = (index: number, otherwise: number) => (parts[index] === undefined ? otherwise : Number(parts[index]))
  const [year, month, day] = [number(1, 0), number(2, 1), number(3, 1)]
  const [hour, minute, second] = [number(4, 0), number(5, 0), number(6, 0)]
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  const [zoneHours, zoneMinutes] = [number(9, 0), number(10, 0)]
  if (zoneHours > 23 || zoneMinutes > 59) return undefined
  const offset = (parts[8] === '-' ? -1 : 1) * (zoneHours * 60 + zoneMinutes)
  const fraction = Number(`0.${parts[7] ?? '0'}`)
  return date.getTime() + ((hour * 60 + minute - offset) * 60 + second + fraction) * 1000
}

/** `holds` gets (request's instant − policy's instant) in milliseconds. */
const date = (holds: (difference: number) => boolean): OperatorFamily => ({
  compile: (policyValue) => {
    const policyInstant = parseInstant(policyValue)
    if (policyInstant === undefined) return undefined
    return {
      test: (requestValue) => {
        const requestInstant = parseInstant(requestValue)
        return requestInstant === undefined ? undefined : holds(requestInstant - policyInstant)
      },
    }
  },
})

export const dateEquals = date((difference) => difference === 0)
export const dateLessThan = date((difference) => difference < 0)
export const dateLessThanEquals = date((difference) => difference <= 0)
export const dateGreaterThan = date((difference) => difference > 0)
export const dateGreaterThanEquals = date((difference) => difference >= 0)
