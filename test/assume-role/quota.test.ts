import type { MintParty } from '@daypass/core/quotas/mint-quota.ts'
import { expect, it } from 'vitest'
import { ACCOUNT, credentialsOf, type Deployment, deploymentWith } from '../support/deployment.ts'
import { startFakeIssuer } from '../support/fake-issuer.ts'
import type { SigningCredentials } from '../support/sign.ts'
import { ALICE, accounts, allow, OTHER, roleArn, rootOf, trust } from './accounts.ts'

const assume = async (daypass: Deployment, who: SigningCredentials, RoleArn: string) =>
  credentialsOf(await daypass.signed(who, { Action: 'AssumeRole', RoleArn, RoleSessionName: 'any' }))

it('counts every session of a chain to the user who began it, whatever role and account comes next', async () => {
  const spent: MintParty[] = []
  const daypass = await deploymentWith({ quota: { spend: (party) => void spent.push(party) } }, ...accounts)
  const first = await assume(daypass, ALICE, roleArn('names-account'))
  const second = await assume(daypass, first, roleArn('tagged'))
  await assume(daypass, second, roleArn('tagged'))
  const own = credentialsOf(await daypass.signed(ALICE, { Action: 'GetSessionToken' }))
  await assume(daypass, own, roleArn('far', OTHER))
  expect(spent).toEqual(spent.map(() => ({ account: ACCOUNT, principal: `user ${ACCOUNT} alice` })))
  expect(spent).toHaveLength(5)
})

it('counts a chain that an issuer’s token began to its subject and issuer, and not to the role that many share', async () => {
  const issuer = await startFakeIssuer()
  const name = issuer.url.replace(/^https?:\/\//, '')
  const spent: MintParty[] = []
  const daypass = await deploymentWith(
    { quota: { spend: (party) => void spent.push(party) } },
    {
      id: ACCOUNT,
      openIdConnectProviders: [{ Url: issuer.url, ClientIDList: ['app'] }],
      roles: [
        {
          RoleName: 'shared',
          policies: { any: allow('sts:AssumeRole') },
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: {
              Effect: 'Allow',
              Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${name}` },
              Action: 'sts:AssumeRoleWithWebIdentity',
            },
          },
        },
        { RoleName: 'next', AssumeRolePolicyDocument: trust(rootOf()), policies: { any: allow('sts:AssumeRole') } },
      ],
    },
  )
  const now = daypass.clock.now() / 1000
  for (const sub of ['alice', 'bob']) {
    const form = { RoleArn: roleArn('shared'), RoleSessionName: 'any' }
    const WebIdentityToken = issuer.sign({ sub, aud: 'app', iat: now, exp: now + 3600 })
    const first = credentialsOf(await daypass.post({ Action: 'AssumeRoleWithWebIdentity', ...form, WebIdentityToken }))
    const second = await assume(daypass, first, roleArn('next'))
    await assume(daypass, second, roleArn('next'))
    expect(spent.splice(0)).toEqual(Array(3).fill({ account: ACCOUNT, issuer: name, principal: `${name}/${sub}` }))
  }
  await issuer.close()
})
