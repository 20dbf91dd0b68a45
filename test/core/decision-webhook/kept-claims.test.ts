import { keepForWebhook, toldClaims } from '@daypass/core/decision-webhook/kept-claims.ts'
import { StsError } from '@daypass/core/errors.ts'
import { describe, expect, it } from 'vitest'

describe('claims that are kept for the webhook', () => {
  it('are told as the token had them', () => {
    const claims = { sub: 'alice', groups: ['one'], exp: 1, verified: true, team: { lead: null }, policy: 'a, b' }
    expect(toldClaims(keepForWebhook(claims))).toEqual(claims)
  })

  it('have their policies joined, as MinIO joins them', () => {
    expect(toldClaims(keepForWebhook({ policy: ['a', 'b'] }))).toEqual({ policy: 'a,b' })
  })

  it('take 8 KiB at most, by bytes', () => {
    const roomFor = (bytes: number) => ({ a: 'ä'.repeat((bytes - '{"a":""}'.length) / 2) })
    expect(Buffer.byteLength(keepForWebhook(roomFor(8192)))).toBe(8192)
    expect(() => keepForWebhook(roomFor(8194))).toThrow(StsError)
    expect(() => keepForWebhook(roomFor(8194))).toThrow('8 KiB')
  })
})
