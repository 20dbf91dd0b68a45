import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  AssumeRoleWithWebIdentityCommand,
  type Credentials,
  GetCallerIdentityCommand,
  PackedPolicyTooLargeException,
  STSClient,
} from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeIssuer, startFakeIssuer } from '../support/fake-issuer.ts'
import { ACCOUNT, type Account, ADMINISTRATOR, outcome, policy, startAccount } from './account.ts'

const DEPLOY = `arn:aws:iam::${ACCOUNT}:role/deploy`
const NEXT = `arn:aws:iam::${ACCOUNT}:role/next`
const LAST = `arn:aws:iam::${ACCOUNT}:role/last`
const UNTAGGED = `arn:aws:iam::${ACCOUNT}:role/untagged`
/** Session tags as the action makes them of the workflow's environment. */
const TAGS = [
  { Key: 'GitHub', Value: 'Actions' },
  { Key: 'Repository', Value: 'octo-org/octo-repo' },
  { Key: 'Workflow', Value: 'Deploy to production' },
  { Key: 'Action', Value: '__aws-actions_configure-aws-credentials' },
  { Key: 'Actor', Value: 'octocat_bot_' },
  { Key: 'Commit', Value: '6dcb09b5b57875f334f61aebed695e2e4193db5e' },
  { Key: 'Branch', Value: 'refs/heads/main' },
]
const KEYS = TAGS.map(({ Key }) => Key)

let account: Account
let issuer: FakeIssuer
beforeAll(async () => {
  issuer = await startFakeIssuer()
  const name = issuer.url.replace('http://', '')
  const administrator = { AWS: `arn:aws:iam::${ACCOUNT}:user/administrator` }
  const deploy = policy(
    {
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${name}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: { [`${name}:aud`]: 'sts.amazonaws.com' },
        StringLike: { [`${name}:sub`]: 'repo:octo-org/octo-repo:*' },
      },
    },
    {
      Principal: administrator,
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Condition: { StringEquals: { 'sts:ExternalId': 'workflow' } },
    },
  )
  const onMain = { StringEquals: { 'aws:PrincipalTag/Branch': 'refs/heads/main' } }
  const next = policy({ Principal: { AWS: DEPLOY }, Action: ['sts:AssumeRole', 'sts:TagSession'], Condition: onMain })
  const last = policy({ Principal: { AWS: NEXT }, Action: ['sts:AssumeRole', 'sts:TagSession'], Condition: onMain })
  // Tags that come along need their own right too.
  const untagged = policy({ Principal: { AWS: DEPLOY }, Action: 'sts:AssumeRole', Condition: onMain })
  account = await startAccount({
    openIdConnectProviders: [{ Url: issuer.url, ClientIDList: ['sts.amazonaws.com'] }],
    roles: [
      { RoleName: 'deploy', AssumeRolePolicyDocument: JSON.parse(deploy) },
      { RoleName: 'next', AssumeRolePolicyDocument: JSON.parse(next) },
      { RoleName: 'last', AssumeRolePolicyDocument: JSON.parse(last) },
      { RoleName: 'untagged', AssumeRolePolicyDocument: JSON.parse(untagged) },
    ],
  })
})
afterAll(async () => {
  await account.end()
  await issuer.close()
})

/** What the action checks before it lets a workflow go on: secrets that no shell mangles, and who it is. */
async function expectUsable(credentials: Credentials | undefined) {
  expect(credentials?.SecretAccessKey).toMatch(/^[A-Za-z0-9]{40}$/)
  expect(credentials?.SessionToken?.length).toBeLessThan(1024)
  expect(credentials?.Expiration?.getTime()).toBeGreaterThan(Date.now() + 3_500_000)
  const identity = await account.sts(credentials).send(new GetCallerIdentityCommand({}))
  expect(identity).toMatchObject({
    Account: ACCOUNT,
    Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/GitHubActions`,
  })
}

describe('configure-aws-credentials', () => {
  const exchange = (claims: Readonly<Record<string, unknown>> = {}) =>
    new STSClient({ endpoint: account.url, region: 'us-east-1', maxAttempts: 1 }).send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: DEPLOY,
        RoleSessionName: 'GitHubActions',
        DurationSeconds: 3600,
        WebIdentityToken: issuer.sign({
          sub: 'repo:octo-org/octo-repo:ref:refs/heads/main',
          aud: 'sts.amazonaws.com',
          ...claims,
        }),
      }),
    )

  it("exchanges a workflow's token and says who it is", async () => {
    await expectUsable((await exchange()).Credentials)
  })

  it.each([
    ['of another repository', { sub: 'repo:octo-org/other:ref:refs/heads/main' }, 'AccessDenied'],
    ['of a repository whose name only begins the same', { sub: 'repo:octo-org/octo-repo-2:ref:x' }, 'AccessDenied'],
    ['for another audience', { aud: 'https://github.com/octo-org' }, 'InvalidIdentityTokenException'],
    ['that has expired', { exp: 1_600_000_000 }, 'ExpiredTokenException'],
  ])('is refused with a token %s', async (_flaw, claims, code) => {
    expect(await outcome(exchange(claims))).toBe(code)
  })

  const assume = (more: Partial<AssumeRoleCommandInput> = {}) =>
    account.sts(ADMINISTRATOR).send(
      new AssumeRoleCommand({
        RoleArn: DEPLOY,
        RoleSessionName: 'GitHubActions',
        DurationSeconds: 3600,
        Tags: TAGS,
        TransitiveTagKeys: KEYS,
        ExternalId: 'workflow',
        ...more,
      }),
    )

  const chain = async (from: Credentials | undefined, RoleArn: string) => {
    const hop = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'GitHubActions' })
    return (await account.sts(from).send(hop)).Credentials
  }

  it('takes a role by a long-term key with session tags, which every role of a chain sees', async () => {
    const { Credentials, PackedPolicySize } = await assume()
    expect(PackedPolicySize).toBeGreaterThan(0)
    await expectUsable(Credentials)
    expect(await outcome(chain(await chain(Credentials, NEXT), LAST))).toBe('ok')
    expect(await outcome(chain(Credentials, UNTAGGED))).toBe('AccessDenied')
  })

  it('leaves tags that are not transitive to the first role alone', async () => {
    const { Credentials } = await assume({ TransitiveTagKeys: undefined })
    expect(await outcome(chain(await chain(Credentials, NEXT), LAST))).toBe('AccessDenied')
  })

  it.each([
    ['without the external id', { ExternalId: undefined }, 'AccessDenied'],
    ['with another external id', { ExternalId: 'workflows' }, 'AccessDenied'],
    ['with a transitive key of no tag', { TransitiveTagKeys: ['Environment'] }, 'InvalidParameterValue'],
  ])('is refused %s', async (_flaw, more, code) => {
    expect(await outcome(assume(more))).toBe(code)
  })

  it.each([
    ['another branch', { Tags: [{ Key: 'Branch', Value: 'refs/heads/other' }], TransitiveTagKeys: [] }],
    ['no tags', { Tags: undefined, TransitiveTagKeys: undefined }],
  ])('is refused the next role with %s', async (_flaw, more) => {
    const { Credentials } = await assume(more)
    expect(await outcome(chain(Credentials, NEXT))).toBe('AccessDenied')
  })

  it('drops its tags once when they do not fit beside the session policy', async () => {
    // Long enough that only the tags are too much.
    const Policy = policy({ Action: 's3:*', Resource: `arn:aws:s3:::${'b'.repeat(10_100)}` })
    const refusal = assume({ Policy })
    await expect(refusal).rejects.toBeInstanceOf(PackedPolicyTooLargeException)
    const { Credentials } = await assume({ Policy, Tags: undefined, TransitiveTagKeys: undefined })
    await expectUsable(Credentials)
  })
})
