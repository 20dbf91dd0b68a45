import { newAccessKeyId, newSecretAccessKey, newUniqueId } from '@daypass/core/credentials/random-names.ts'
import { describe, expect, it } from 'vitest'

describe('names that are made', () => {
  it.each([
    ['a temporary access key id', () => newAccessKeyId('ASIA'), /^ASIA[A-Z2-7]{16}$/],
    ['a long-term access key id', () => newAccessKeyId('AKIA'), /^AKIA[A-Z2-7]{16}$/],
    ['a role id', () => newUniqueId('AROA'), /^AROA[A-Z2-7]{17}$/],
    ['a secret', newSecretAccessKey, /^[A-Za-z0-9]{40}$/],
  ])('give %s its form, and never the same twice', (_what, make, form) => {
    const made = Array.from({ length: 500 }, make)
    for (const name of made) expect(name).toMatch(form)
    expect(new Set(made).size).toBe(500)
  })

  it('use every character of the alphabet', () => {
    const seen = new Set(Array.from({ length: 200 }, newSecretAccessKey).join(''))
    expect(seen.size).toBe(62)
  })
})
