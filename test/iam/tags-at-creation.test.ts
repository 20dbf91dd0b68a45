import { beforeEach, describe, expect, it } from 'vitest'
import { type IamDeployment, iamDeployment, policy } from '../support/iam.ts'

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } }],
})
const Tags = [{ Key: 'team', Value: 'blue' }]

let daypass: IamDeployment
beforeEach(async () => {
  daypass = await iamDeployment()
})

describe.each([
  ['CreateRole', 'iam:TagRole', { RoleName: 'r', AssumeRolePolicyDocument: TRUST }],
  ['CreatePolicy', 'iam:TagPolicy', { PolicyName: 'p', PolicyDocument: policy({ Action: 's3:*' }) }],
  ['CreateOpenIDConnectProvider', 'iam:TagOpenIDConnectProvider', { Url: 'https://issuer.example' }],
  ['CreateUser', 'iam:TagUser', { UserName: 'u' }],
  ['CreateVirtualMFADevice', 'iam:TagMFADevice', { VirtualMFADeviceName: 'd' }],
])('%s with tags', (action, tagging, params) => {
  it(`needs ${tagging} too, and takes a Deny of it`, async () => {
    const maker = await daypass.user('maker', { Action: `iam:${action}` })
    const { code, message } = await daypass.iam(maker, action, { ...params, Tags })
    expect([code, message]).toEqual(['AccessDenied', expect.stringContaining(`perform: ${tagging} on`)])
    const denied = await daypass.user('denied', { Action: 'iam:*' }, { Effect: 'Deny', Action: tagging })
    expect((await daypass.iam(denied, action, { ...params, Tags })).code).toBe('AccessDenied')
    const tagger = await daypass.user('tagger', { Action: [`iam:${action}`, tagging] })
    expect((await daypass.iam(tagger, action, { ...params, Tags })).code).toBeUndefined()
  })

  it('needs no right to tag without tags', async () => {
    const maker = await daypass.user('maker', { Action: `iam:${action}` })
    expect((await daypass.iam(maker, action, params)).code).toBeUndefined()
  })
})
