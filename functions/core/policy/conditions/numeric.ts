import type { OperatorFamily } from './family.ts'

/** Decimal numbers, compared exactly: digits beyond a double's precision count. */
interface Decimal {
  readonly digits: bigint
  readonly scale: number
}

const DECIMAL = /^([+-]?)(\d{1,64})(?:\.(\d{1,64}))?$/

function parseDecimal(text: string): Decimal | undefined {
  const [, sign, whole, fraction = ''] = DECIMAL.exec(text) ?? []
  if (whole === undefined) return undefined
  const digits = BigInt(whole + fraction)
  return { digits: sign === '-' ? -digits : digits, scale: fraction.length }
}

function compare(left: Decimal, right: Decimal): number {
  const scale = Math.max(left.scale, right.scale)
  const difference = left.digits * 10n ** BigInt(scale - left.scale) - right.digits * 10n ** BigInt(scale - right.scale)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** `holds` gets the sign of (request's number − policy's number). */
const numeric = (holds: (sign: number) => boolean): OperatorFamily => ({
  compile: (policyValue) => {
    const policyNumber = parseDecimal(policyValue)
    if (!policyNumber) return undefined
    return {
      test: (requestValue) => {
        const requestNumber = parseDecimal(requestValue)
        return requestNumber && holds(compare(requestNumber, policyNumber))
      },
    }
  },
})

export const numericEquals = numeric((sign) => sign === 0)
export const numericLessThan = numeric((sign) => sign < 0)
export const numericLessThanEquals = numeric((sign) => sign <= 0)
export const numericGreaterThan = numeric((sign) => sign > 0)
export const numericGreaterThanEquals = numeric((sign) => sign >= 0)
