import { describe, expect, it } from 'vitest'
import { FUNCTIONS } from '../../infra/functions.ts'
import { functionResource, synthesize } from './templates.ts'

const settings = (name: string, quotas = {}) => {
  const { Variables } = functionResource(synthesize({ quotas }).api, name)[1].Properties.Environment as {
    Variables: Record<string, string>
  }
  return [Variables.DAYPASS_QUOTA_PER_ISSUER, Variables.DAYPASS_QUOTA_PER_PRINCIPAL]
}

describe('the quotas of sessions', () => {
  it.each(['assume-role', 'assume-role-with-web-identity', 'front-door', 'get-session-token'])(
    'are told to %s, which makes sessions',
    (name) => {
      expect(settings(name)).toEqual(['60000', '3000'])
      expect(settings(name, { perIssuer: 500, perPrincipal: 10 })).toEqual(['500', '10'])
    },
  )

  it.each(['get-caller-identity', 'iam', 's3', 'key-rotation'])('do not concern %s', (name) => {
    expect(Object.keys(FUNCTIONS)).toContain(name)
    expect(settings(name)).toEqual([undefined, undefined])
  })

  it.each([0, -1, 1.5, Number.NaN, 1e9])('are refused when they are %s', (perIssuer) => {
    expect(() => settings('assume-role', { perIssuer })).toThrow('whole number of sessions a minute')
  })
})
