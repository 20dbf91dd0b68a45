import { KeyRing, newStoredKey } from '@daypass/core/credentials/key-ring.ts'
import { open, seal } from '@daypass/core/credentials/seal.ts'
import { openSecret, sealSecret } from '@daypass/core/credentials/sealed-secret.ts'
import { openSessionToken, sealSessionToken } from '@daypass/core/credentials/session-token.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../support/manual-clock.ts'

const clock = new ManualClock()
const newRing = () => {
  const key = newStoredKey(clock.now())
  return new KeyRing(async () => ({ keys: [key] }), clock)
}
const ring = newRing()
const content = {
  accessKeyId: 'ASIAAAAAAAAAAAAAAAAA',
  account: '000000000000',
  expiresAt: 1_800_000_000,
  roleName: 'S3Access',
  provider: 'issuer.example/realms/demo',
  ancestors: ['ASIABBBBBBBBBBBBBBBB'],
}

describe('a sealed text', () => {
  it('opens for the purpose and the key id that it was sealed for', async () => {
    const sealed = await seal(ring, 'session-secret', 'ASIA1', Buffer.from('secret'))
    expect((await open(ring, 'session-secret', 'ASIA1', sealed))?.toString()).toBe('secret')
  })

  it.each([
    ['another purpose', 'long-term-secret', 'ASIA1'],
    ['another access key id', 'session-secret', 'ASIA2'],
  ] as const)('does not open for %s', async (_what, purpose, boundTo) => {
    const sealed = await seal(ring, 'session-secret', 'ASIA1', Buffer.from('secret'))
    expect(await open(ring, purpose, boundTo, sealed)).toBeUndefined()
  })

  it('does not open with another ring', async () => {
    const sealed = await seal(ring, 'session-secret', 'ASIA1', Buffer.from('secret'))
    expect(await open(newRing(), 'session-secret', 'ASIA1', sealed)).toBeUndefined()
  })

  it('never is the same twice', async () => {
    const seals = await Promise.all(
      Array.from({ length: 50 }, () => seal(ring, 'session-token', '', Buffer.from('same'))),
    )
    expect(new Set(seals.map((sealed) => sealed.toString('hex'))).size).toBe(50)
  })

  it('keeps a secret access key for its own access key id', async () => {
    const sealed = await sealSecret(ring, 'long-term-secret', 'AKIA1', 'wJalr')
    expect(await openSecret(ring, 'long-term-secret', 'AKIA1', sealed)).toBe('wJalr')
    expect(await openSecret(ring, 'long-term-secret', 'AKIA2', sealed)).toBeUndefined()
    expect(await openSecret(ring, 'session-secret', 'AKIA1', sealed)).toBeUndefined()
  })
})

describe('a session token', () => {
  it('tells what it was made from', async () => {
    expect(await openSessionToken(ring, sealSessionToken(await ring.sealingKey(), content))).toEqual(content)
  })

  it('stays under 1,024 characters with the longest of everything', async () => {
    const longest = {
      ...content,
      account: 'a'.repeat(64),
      roleName: 'r'.repeat(64),
      provider: 'p'.repeat(255),
      ancestors: Array.from({ length: 8 }, () => 'ASIABBBBBBBBBBBBBBBB'),
    }
    expect(sealSessionToken(await ring.sealingKey(), longest).length).toBeLessThan(1024)
  })

  it.each([900, 1500, 4096])('is at least %d characters long when that is asked for, and opens', async (size) => {
    const token = sealSessionToken(await ring.sealingKey(), content, size)
    expect(token.length).toBeGreaterThanOrEqual(size)
    expect(token.length).toBeLessThan(size + 4)
    expect(await openSessionToken(ring, token)).toEqual(content)
  })

  it('does not open when any one character of it is another', async () => {
    const token = sealSessionToken(await ring.sealingKey(), content)
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === 'A' ? 'B' : 'A'
      expect(await openSessionToken(ring, token.slice(0, at) + other + token.slice(at + 1))).toBeUndefined()
    }
  })

  it('does not open when it is cut, padded, or spelt otherwise', async () => {
    const token = sealSessionToken(await ring.sealingKey(), content)
    const standard = Buffer.from(token, 'base64url').toString('base64')
    const others = [
      token.slice(0, -1),
      `${token}A`,
      `${token}=`,
      ` ${token}`,
      `${token}\n`,
      `${token}!`,
      '',
      'A',
      token + token,
    ]
    for (const other of standard === token ? others : [...others, standard]) {
      expect(await openSessionToken(ring, other)).toBeUndefined()
    }
  })

  it('is not a text that was sealed for something else', async () => {
    const sealed = await seal(ring, 'session-secret', '', Buffer.from(JSON.stringify(['ASIA1', '', 9e9, 0, 0, 0, []])))
    expect(await openSessionToken(ring, sealed.toString('base64url'))).toBeUndefined()
  })

  it('never opens from random bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect(await openSessionToken(ring, Buffer.from(bytes).toString('base64url'))).toBeUndefined()
      }),
    )
  })
})
