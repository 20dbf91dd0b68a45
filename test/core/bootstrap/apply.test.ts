import {
  bootstrapKey,
  groupKey,
  groupMemberKey,
  oidcProviderKey,
  policyKey,
  roleKey,
  userKey,
} from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, type Deployment, deployment } from '../../support/deployment.ts'

const S3 = 'arn:aws:iam::aws:policy/AmazonS3FullAccess'
const ALICE = { accessKeyId: 'alice', secretAccessKey: 'alice-secret' }
const keys = [{ AccessKeyId: ALICE.accessKeyId, SecretAccessKey: ALICE.secretAccessKey }]
const allow = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } }
const trust = (principal: object, condition?: object) => ({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: principal,
    Action: 'sts:AssumeRoleWithWebIdentity',
    ...(condition ? { Condition: condition } : {}),
  },
})
const federated = (name: string) => ({ Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${name}` })
const who = { Action: 'GetCallerIdentity' }

let daypass: Deployment
const { stringify } = JSON
beforeEach(async () => {
  daypass = await deployment()
})
const row = (key: { pk: string; sk: string }) => daypass.deps.store.get(key)

describe('applying a bootstrap document', () => {
  const account = {
    id: ACCOUNT,
    policies: [{ PolicyName: 'limit', PolicyDocument: allow }],
    groups: [{ GroupName: 'staff', attachedPolicies: [S3], policies: { inline: allow } }],
    users: [
      {
        UserName: 'alice',
        accessKeys: keys,
        groups: ['staff'],
        attachedPolicies: [`arn:aws:iam::${ACCOUNT}:policy/limit`],
        PermissionsBoundary: S3,
      },
    ],
    openIdConnectProviders: [{ Url: 'https://a.example/', ClientIDList: ['app'] }],
    roles: [
      {
        RoleName: 'reader',
        AssumeRolePolicyDocument: trust(federated('a.example/')),
        Description: 'reads',
        Tags: [{ Key: 'team', Value: 'a' }],
      },
    ],
  }

  it('makes every entity', async () => {
    await daypass.apply(account)
    expect(await row(policyKey(ACCOUNT, 'limit'))).toMatchObject({ document: stringify(allow), defaultVersionId: 'v1' })
    expect(await row(groupKey(ACCOUNT, 'staff'))).toMatchObject({
      groupName: 'staff',
      inlinePolicies: { inline: stringify(allow) },
    })
    expect(await row(userKey(ACCOUNT, 'alice'))).toMatchObject({
      groups: ['staff'],
      boundary: S3,
      accessKeyIds: ['alice'],
    })
    expect(await row(oidcProviderKey(ACCOUNT, 'a.example/'))).toMatchObject({
      url: 'https://a.example/',
      clientIds: ['app'],
    })
    expect(await row(roleKey(ACCOUNT, 'reader'))).toMatchObject({
      description: 'reads',
      maxSessionDuration: 3600,
      tags: [['team', 'a']],
    })
    expect(await row(groupMemberKey(ACCOUNT, 'staff', 'alice'))).toMatchObject({ userName: 'alice' })
    expect((await daypass.signed(ALICE, who)).status).toBe(200)
  })

  it('a second time changes nothing', async () => {
    await daypass.apply(account)
    const before = await row(roleKey(ACCOUNT, 'reader'))
    await daypass.apply(account)
    expect(await row(roleKey(ACCOUNT, 'reader'))).toEqual(before)
  })

  it('leaves what was deleted or changed since as it is, until the content changes', async () => {
    await daypass.apply(account)
    const role = await row(roleKey(ACCOUNT, 'reader'))
    await daypass.deps.store.remove(userKey(ACCOUNT, 'alice'))
    await daypass.deps.store.update(roleKey(ACCOUNT, 'reader'), { set: { description: 'changed' } })
    await daypass.apply(account)
    expect(await row(userKey(ACCOUNT, 'alice'))).toBeUndefined()
    expect(await row(roleKey(ACCOUNT, 'reader'))).toMatchObject({ description: 'changed' })
    const [reader] = account.roles
    await daypass.apply({
      ...account,
      roles: [
        {
          ...reader,
          RoleName: 'reader',
          AssumeRolePolicyDocument: trust(federated('a.example/')),
          Description: 'newer',
        },
      ],
    })
    const newer = await row(roleKey(ACCOUNT, 'reader'))
    expect(newer).toMatchObject({ description: 'newer', roleId: role?.roleId, createdAt: role?.createdAt })
    expect(await row(userKey(ACCOUNT, 'alice'))).toBeUndefined()
  })

  it('keeps a revocation mark and the keys that were made since', async () => {
    await daypass.apply(account)
    await daypass.deps.store.update(userKey(ACCOUNT, 'alice'), {
      set: { revokedBefore: 5, accessKeyIds: ['alice', 'made-since'] },
    })
    await daypass.apply({ id: ACCOUNT, users: [{ UserName: 'alice', accessKeys: keys }] })
    expect(await row(userKey(ACCOUNT, 'alice'))).toMatchObject({
      revokedBefore: 5,
      accessKeyIds: ['alice', 'made-since'],
    })
  })

  it('keeps a revocation mark that is set while it writes', async () => {
    await daypass.apply(account)
    const { store } = daypass.deps
    const put = store.put.bind(store)
    let disturbed = false
    store.put = async (item, options) => {
      if (!disturbed && item.pk.startsWith('USER#')) {
        disturbed = true
        await store.update(userKey(ACCOUNT, 'alice'), { set: { revokedBefore: 7 } })
      }
      return put(item, options)
    }
    await daypass.apply({ id: ACCOUNT, users: [{ UserName: 'alice', accessKeys: keys }] })
    expect(disturbed).toBe(true)
    expect(await row(userKey(ACCOUNT, 'alice'))).toMatchObject({ revokedBefore: 7, groups: [] })
  })

  it('takes a changed secret of a key', async () => {
    await daypass.apply(account)
    await daypass.apply({
      id: ACCOUNT,
      users: [{ UserName: 'alice', accessKeys: [{ AccessKeyId: 'alice', SecretAccessKey: 'newer' }] }],
    })
    expect((await daypass.signed(ALICE, who)).error?.Code).toBe('SignatureDoesNotMatch')
    expect((await daypass.signed({ ...ALICE, secretAccessKey: 'newer' }, who)).status).toBe(200)
  })

  it('keeps neither secret nor its plain digest in the table', async () => {
    await daypass.apply(account)
    const mark = await row(bootstrapKey(ACCOUNT, 'user/alice'))
    const { hash } = await import('node:crypto')
    expect(
      Buffer.from(String(mark?.sealedDigest), 'base64').includes(hash('sha256', stringify(account.users[0]), 'buffer')),
    ).toBe(false)
    expect(stringify(await row({ pk: 'KEY#alice', sk: 'KEY' }))).not.toContain('alice-secret')
  })

  it.each([
    [
      'a policy that does not exist',
      { users: [{ UserName: 'u', attachedPolicies: [`arn:aws:iam::${ACCOUNT}:policy/none`] }] },
      'user u: there is no policy',
    ],
    [
      'a built-in policy that does not exist',
      { users: [{ UserName: 'u', attachedPolicies: ['arn:aws:iam::aws:policy/None'] }] },
      'there is no policy',
    ],
    [
      'a boundary that does not exist',
      { users: [{ UserName: 'u', PermissionsBoundary: 'arn:aws:iam::aws:policy/None' }] },
      'there is no policy',
    ],
    ['a group that does not exist', { users: [{ UserName: 'u', groups: ['none'] }] }, 'user u: there is no group none'],
    ['a policy that is none', { policies: [{ PolicyName: 'p', PolicyDocument: {} }] }, 'policy p: '],
    [
      'an inline policy with a principal',
      { users: [{ UserName: 'u', policies: { p: { ...allow, Statement: { ...allow.Statement, Principal: '*' } } } }] },
      'user u, policy p: ',
    ],
    ['a trust policy without a principal', { roles: [{ RoleName: 'r', AssumeRolePolicyDocument: allow }] }, 'role r: '],
    [
      'trust in a shared issuer without a subject',
      {
        roles: [
          {
            RoleName: 'r',
            AssumeRolePolicyDocument: trust(federated('token.actions.githubusercontent.com'), {
              StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
            }),
          },
        ],
      },
      'role r: ',
    ],
  ])('refuses %s', async (_what, entities, message) => {
    await expect(daypass.apply({ id: ACCOUNT, ...entities })).rejects.toThrow(message)
  })

  it.each([
    'https://user:pw@idp.example',
    'https://idp.example:99999',
    'https:///x',
    'https://x"><',
    'https://aws',
    'http://sts',
    'https://IDP.example',
  ])('refuses the provider %s', async (Url) => {
    await expect(daypass.apply({ id: ACCOUNT, openIdConnectProviders: [{ Url }] })).rejects.toThrow(
      'is no URL of an issuer',
    )
  })

  it.each([
    'http://localhost:8080/auth/realms/demo',
    'https://idp.example/',
    'https://idp.example:443/x',
    'https://[::1]:8443',
    'https://idp.example/aws',
  ])('accepts the provider %s', async (Url) => {
    await daypass.apply({ id: ACCOUNT, openIdConnectProviders: [{ Url }] })
    expect(await row(oidcProviderKey(ACCOUNT, Url.replace(/^https?:\/\//, '')))).toBeDefined()
  })

  it('accepts trust in a shared issuer with a subject', async () => {
    const condition = { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:octo/app:*' } }
    await daypass.apply({
      id: ACCOUNT,
      roles: [
        { RoleName: 'r', AssumeRolePolicyDocument: trust(federated('token.actions.githubusercontent.com'), condition) },
      ],
    })
    expect(await row(roleKey(ACCOUNT, 'r'))).toBeDefined()
  })

  it('tolerates a principal in an identity policy of a Ceph-style account', async () => {
    await daypass.apply({
      id: '',
      users: [{ UserName: 'u', policies: { p: { ...allow, Statement: { ...allow.Statement, Principal: '*' } } } }],
    })
    expect(await row(userKey('', 'u'))).toBeDefined()
  })

  it.each([
    ['another user', { id: ACCOUNT, users: [{ UserName: 'bob', accessKeys: keys }] }],
    ['another account', { id: 'other', users: [{ UserName: 'alice', accessKeys: keys }] }],
    ['a root', { id: ACCOUNT, rootAccessKey: { AccessKeyId: 'alice', SecretAccessKey: 'x' } }],
  ])('refuses to give a key id to %s', async (_who, other) => {
    await daypass.apply(account)
    await expect(daypass.apply(other)).rejects.toThrow('access key alice: belongs to another user or account already')
    expect((await daypass.signed(ALICE, who)).status).toBe(200)
  })

  it('puts a new root key in force and ends the one before it', async () => {
    const root = (id: string) => ({ accessKeyId: id, secretAccessKey: `${id}-secret` })
    const asDocument = (id: string) => ({
      id: ACCOUNT,
      rootAccessKey: { AccessKeyId: id, SecretAccessKey: `${id}-secret` },
    })
    await daypass.apply(asDocument('one'))
    expect((await daypass.signed(root('one'), who)).result.Arn).toBe(`arn:aws:iam::${ACCOUNT}:root`)
    await daypass.apply(asDocument('two'))
    expect((await daypass.signed(root('two'), who)).status).toBe(200)
    expect((await daypass.signed(root('one'), who)).error?.Code).toBe('InvalidClientTokenId')
  })
})
