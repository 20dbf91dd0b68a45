import { describe, expect, it } from 'vitest'
import { signingKey } from '../../../functions/core/sigv4/signing-key.ts'
import { signingKeyFor } from '../../support/sign.ts'

const scope = { date: '20260131', region: 'us-east-1', service: 'sts' }
const bytes = (secret: string, of = scope) => signingKey(secret, of).key.export()

describe('a signing key', () => {
  it('is derived as AWS derives it', () => {
    expect(bytes('secret')).toEqual(signingKeyFor('secret', '20260131/us-east-1/sts/aws4_request'))
    expect(bytes('', { ...scope, region: '' })).toEqual(signingKeyFor('', '20260131//sts/aws4_request'))
  })

  it('is kept when it has proven itself, for its own secret and scope', () => {
    const { key, keep } = signingKey('kept', scope)
    expect(signingKey('kept', scope).key).not.toBe(key)
    keep()
    expect(signingKey('kept', scope).key).toBe(key)
    for (const [secret, of] of [
      ['other', scope],
      ['kept', { ...scope, date: '20260201' }],
      ['kept', { ...scope, region: '' }],
      ['kept', { ...scope, service: 'iam' }],
    ] as const) {
      expect(bytes(secret, of)).not.toEqual(key.export())
    }
  })

  it('gives way when a thousand others were used since', () => {
    const used = signingKey('used', scope)
    const unused = signingKey('unused', scope)
    used.keep()
    unused.keep()
    for (let index = 0; index < 999; index++) signingKey(`filler ${index}`, scope).keep()
    expect(signingKey('used', scope).key).not.toBe(used.key)
    expect(signingKey('unused', scope).key).toBe(unused.key)
    signingKey('unused', scope).keep()
    for (let index = 0; index < 999; index++) signingKey(`later filler ${index}`, scope).keep()
    expect(signingKey('unused', scope).key).toBe(unused.key)
  })
})
