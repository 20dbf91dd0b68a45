import { accessKeyKey, accountKey, userKey } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, type Deployment, deployment } from '../support/deployment.ts'
import { presign, signRequest } from '../support/sign.ts'

const ROOT = { accessKeyId: 'rootkey', secretAccessKey: 'root-secret' }
const ALICE = { accessKeyId: 'AKIAALICEALICEALICE1', secretAccessKey: 'alice-secret' }
const CEPH = { accessKeyId: 'ceph', secretAccessKey: 'ceph-secret' }
const bootstrapKey = ({ accessKeyId, secretAccessKey }: typeof ROOT) => ({
  AccessKeyId: accessKeyId,
  SecretAccessKey: secretAccessKey,
})

let daypass: Deployment
const ask = { Action: 'GetCallerIdentity' }

beforeEach(async () => {
  daypass = await deployment(
    {
      id: ACCOUNT,
      rootAccessKey: bootstrapKey(ROOT),
      users: [{ UserName: 'Alice', Path: '/staff/', accessKeys: [bootstrapKey(ALICE)] }],
    },
    { id: '', users: [{ UserName: 'tester', accessKeys: [bootstrapKey(CEPH)] }] },
  )
})

describe('GetCallerIdentity', () => {
  it('tells a user who it is', async () => {
    const { result } = await daypass.signed(ALICE, ask)
    expect(result).toEqual({
      Account: ACCOUNT,
      Arn: `arn:aws:iam::${ACCOUNT}:user/staff/Alice`,
      UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
    })
  })

  it('tells root who it is', async () => {
    const { result } = await daypass.signed(ROOT, ask)
    expect(result).toEqual({ Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:root`, UserId: ACCOUNT })
  })

  it('tells a user of an account with an empty id', async () => {
    const { result } = await daypass.signed(CEPH, ask)
    expect(result.Arn).toBe('arn:aws:iam:::user/tester')
  })

  it('answers a presigned GET that accepts JSON, as Kubernetes and Vault send it', async () => {
    const url = 'https://sts.example/?Action=GetCallerIdentity&Version=2011-06-15'
    const headers = { 'x-k8s-aws-id': 'cluster', accept: 'application/json' }
    const request = presign({
      ...ALICE,
      method: 'GET',
      url,
      headers,
      service: 'sts',
      region: 'us-east-1',
      now: daypass.clock.now(),
      expires: 60,
    })
    const answer = await daypass.handle(request)
    expect(answer.headers['content-type']).toBe('application/json')
    expect(answer.result.GetCallerIdentityResponse.GetCallerIdentityResult).toMatchObject({
      Account: ACCOUNT,
      Arn: `arn:aws:iam::${ACCOUNT}:user/staff/Alice`,
    })
    const altered = await daypass.handle({ ...request, headers: { ...request.headers, 'x-k8s-aws-id': 'other' } })
    expect([altered.status, altered.result.Error.Code]).toEqual([403, 'SignatureDoesNotMatch'])
  })

  it.each(['', 'us-east-1', 'eu-north-1', 'US'])('accepts the region %j', async (region) => {
    const request = signRequest({
      ...ALICE,
      method: 'POST',
      url: 'https://sts.example/',
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
      service: 'sts',
      region,
      now: daypass.clock.now(),
    })
    expect((await daypass.handle(request)).status).toBe(200)
  })

  it('costs two round trips for a long-term key', async () => {
    const before = daypass.trips.total()
    await daypass.signed(ALICE, ask)
    expect(daypass.trips.total() - before).toBe(2)
  })

  it('is asked for before the input is looked at', async () => {
    const { error, status } = await daypass.post(ask)
    expect([error?.Code, status]).toEqual(['MissingAuthenticationToken', 403])
  })

  it.each([
    ['a key of 3,000 characters', { ...ALICE, accessKeyId: 'A'.repeat(3000) }, 'InvalidClientTokenId'],
    ['an unknown key', { ...ALICE, accessKeyId: 'AKIANOBODY' }, 'InvalidClientTokenId'],
    ['a wrong secret', { ...ALICE, secretAccessKey: 'other' }, 'SignatureDoesNotMatch'],
    ['the secret of another key', { ...ALICE, secretAccessKey: ROOT.secretAccessKey }, 'SignatureDoesNotMatch'],
    ['a session token beside a long-term key', { ...ALICE, sessionToken: 'AAAA' }, 'InvalidClientTokenId'],
  ])('refuses %s', async (_what, credentials, code) => {
    const { error, status } = await daypass.signed(credentials, ask)
    expect([error?.Code, status]).toEqual([code, 403])
  })

  it('refuses a body that was altered after it was signed', async () => {
    const answer = await daypass.signed(ALICE, ask, {
      body: Buffer.from('Action=GetCallerIdentity&Version=2011-06-15&x=1'),
    })
    expect(answer.error?.Code).toBe('SignatureDoesNotMatch')
  })

  it.each([
    [
      'the key is inactive',
      ALICE,
      () => daypass.deps.store.update(accessKeyKey(ALICE.accessKeyId), { set: { status: 'Inactive' } }),
    ],
    ['the user is gone', ALICE, () => daypass.deps.store.remove(userKey(ACCOUNT, 'Alice'))],
    [
      'the user has given the key up',
      ALICE,
      () => daypass.deps.store.update(userKey(ACCOUNT, 'Alice'), { set: { accessKeyIds: [] } }),
    ],
    [
      'the key’s record is another key’s',
      ALICE,
      () => daypass.deps.store.update(accessKeyKey(ALICE.accessKeyId), { set: { accessKeyId: 'other' } }),
    ],
    [
      'the sealed secret is another key’s',
      ALICE,
      async () => {
        const root = await daypass.deps.store.get(accessKeyKey(ROOT.accessKeyId))
        return daypass.deps.store.update(accessKeyKey(ALICE.accessKeyId), {
          set: { sealedSecret: root?.sealedSecret ?? '' },
        })
      },
    ],
    [
      'another root key is in force',
      ROOT,
      () => daypass.deps.store.update(accountKey(ACCOUNT), { set: { rootAccessKeyId: 'newer' } }),
    ],
    ['the account is gone', ROOT, () => daypass.deps.store.remove(accountKey(ACCOUNT))],
  ])('refuses a long-term key when %s', async (_what, credentials, change) => {
    expect((await daypass.signed(credentials, ask)).status).toBe(200)
    await change()
    const { error, status } = await daypass.signed(credentials, ask)
    expect([error?.Code, status]).toEqual(['InvalidClientTokenId', 403])
  })

  it('logs why credentials were refused, and does not tell', async () => {
    const { body } = await daypass.signed({ ...ALICE, accessKeyId: 'AKIANOBODY' }, ask)
    expect(body).not.toContain('no such access key')
    expect(daypass.logged.at(-1)).toMatchObject({
      outcome: 'refused',
      flaw: 'unknown-key',
      flawDetail: 'no such access key',
    })
  })
})
