import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ALL_ALGORITHMS } from '@daypass/core/identity/algorithms.ts'
import { verifyCompactJws } from '@daypass/core/identity/compact-jws.ts'
import { parseKeySet } from '@daypass/core/identity/key-set.ts'
import { describe, expect, it } from 'vitest'

interface Group {
  readonly comment: string
  readonly public?: { readonly keys?: readonly unknown[] }
  readonly private: { readonly keys?: readonly unknown[] }
  readonly tests: readonly { tcId: number; comment: string; jws: unknown; result: 'valid' | 'invalid' }[]
}

/** Sound by the letter of RFC 7520, but the key's own `alg` names another algorithm than the token, and here `alg` binds. */
const BOUND_TO_ANOTHER_ALGORITHM = new Set([346, 347, 350, 351])

const folder = process.env.DAYPASS_VECTORS
if (!folder) console.warn('DAYPASS_VECTORS is not set: the Wycheproof cases for JWS and JWK are LEFT OUT')

describe.skipIf(!folder).each([
  ['json_web_signature_test', 401],
  ['json_web_key_test', 26],
])('Wycheproof %s', (name, count) => {
  const path = join(folder ?? '', 'wycheproof', `${name}.json`)
  const groups: readonly Group[] = folder ? JSON.parse(readFileSync(path, 'utf8')).testGroups : []
  const cases = groups.flatMap((group) =>
    group.tests.map((test) => {
      // Symmetric keys have no place in a public key set, so groups without a public key are refused as a whole.
      const sound = test.result === 'valid' && group.public !== undefined
      const accepted = sound && !(name === 'json_web_signature_test' && BOUND_TO_ANOTHER_ALGORITHM.has(test.tcId))
      return { ...test, group, accepted, verdict: accepted ? 'accepts' : 'refuses' }
    }),
  )

  it('is whole', () => expect(cases).toHaveLength(count))

  it.each(cases)('$verdict case $tcId: $comment', ({ jws, group, accepted }) => {
    const published = group.public ?? group.private
    const document = Buffer.from(JSON.stringify(published.keys ? published : { keys: [published] }))
    const verify = () =>
      verifyCompactJws(typeof jws === 'string' ? jws : JSON.stringify(jws), parseKeySet(document), ALL_ALGORITHMS)
    if (accepted) expect(verify()).toBeInstanceOf(Buffer)
    else expect(verify).toThrow(/not acceptable|symmetric/)
  })
})
