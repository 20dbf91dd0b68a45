import type { OperatorFamily } from './family.ts'

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** The bytes in their one canonical spelling; `undefined` when the text is no base64. */
const canonical = (text: string) => (BASE64.test(text) ? Buffer.from(text, 'base64').toString('base64') : undefined)

/** Compares bytes; the policy and the context both spell them in base64. */
export const binaryEquals: OperatorFamily = {
  compile: (policyValue) => {
    const wanted = canonical(policyValue)
    if (wanted === undefined) return undefined
    return {
      test: (requestValue) => {
        const given = canonical(requestValue)
        return given === undefined ? undefined : given === wanted
      },
    }
  },
}
