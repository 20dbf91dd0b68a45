import type { OperatorFamily } from './family.ts'

/** `true` or `false` in any case; `undefined` for other text. */
export function parseBool(text: string): boolean | undefined {
  const lower = text.toLowerCase()
  return lower === 'true' ? true : lower === 'false' ? false : undefined
}

export const bool: OperatorFamily = {
  compile: (policyValue) => {
    const wanted = parseBool(policyValue)
    if (wanted === undefined) return undefined
    return {
      test: (requestValue) => {
        const given = parseBool(requestValue)
        return given === undefined ? undefined : given === wanted
      },
    }
  },
}
