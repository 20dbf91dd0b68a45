import { existsSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readProfile, writeKeys, writeProfile } from '../../../cli/profile/profile.ts'
import { configFile, credentialsFile, type Surroundings } from '../../../cli/surroundings.ts'
import { endLocalHosts, temporaryFolder } from '../../support/local-host.ts'

let here: Surroundings
beforeEach(() => {
  here = { env: {}, home: temporaryFolder(), platform: process.platform, now: () => 0 }
})
afterEach(endLocalHosts)

const FLAWED = ['a\nb', 'a\rb', 'a\u0000', ' a', 'a ', 'a #b', 'a ;b', 'a\u0085b']

describe('a profile', () => {
  it.each(['plain', 'https://sts.example/#x', 'a;b', 'é \u{1f511}', '[a]', 'a = b'])('remembers %s', async (value) => {
    await writeProfile(here, 'work', { daypass_username: value })
    expect((await readProfile(here, 'work'))?.get('daypass_username')).toBe(value)
  })

  it.each(FLAWED)('does not remember %j', async (value) => {
    await expect(writeProfile(here, 'work', { daypass_username: value })).rejects.toThrow('cannot be kept')
    expect(existsSync(configFile(here))).toBe(false)
  })

  it.each(FLAWED)('gets no key like %j, and does not repeat it', async (value) => {
    const made = { AccessKeyId: 'a', SecretAccessKey: value, SessionToken: 't', Expiration: '2030-01-01T00:00:00Z' }
    const refusal = writeKeys(here, 'work', made)
    await expect(refusal).rejects.toThrow("The secret key cannot be kept in AWS's files")
    expect(existsSync(credentialsFile(here))).toBe(false)
  })
})
