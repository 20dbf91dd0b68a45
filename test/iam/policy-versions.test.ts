import { policyKey } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT } from '../support/deployment.ts'
import { type IamDeployment, iamDeployment, members, policy, ROOT } from '../support/iam.ts'
import type { SigningCredentials } from '../support/sign.ts'

const text = (...actions: string[]) => policy({ Action: actions })
const DOCUMENT = text('s3:Get')

let daypass: IamDeployment
let PolicyArn: string
let bob: SigningCredentials

beforeEach(async () => {
  daypass = await iamDeployment()
  PolicyArn = (await daypass.root('CreatePolicy', { PolicyName: 'p', PolicyDocument: text('iam:ListUsers') })).Policy
    .Arn
  bob = await daypass.user('bob')
  await daypass.root('AttachUserPolicy', { UserName: 'bob', PolicyArn })
})

const add = (PolicyDocument: string, params = {}) =>
  daypass.iam(ROOT, 'CreatePolicyVersion', { PolicyArn, PolicyDocument, ...params })
const setDefault = (VersionId: string) => daypass.iam(ROOT, 'SetDefaultPolicyVersion', { PolicyArn, VersionId })
const remove = (VersionId: string) => daypass.iam(ROOT, 'DeletePolicyVersion', { PolicyArn, VersionId })
const get = (VersionId: string) => daypass.iam(ROOT, 'GetPolicyVersion', { PolicyArn, VersionId })
const textOf = async (VersionId: string) => decodeURIComponent((await get(VersionId)).result.PolicyVersion.Document)
const versions = async () =>
  members((await daypass.root('ListPolicyVersions', { PolicyArn })).Versions).map(
    ({ VersionId, IsDefaultVersion }) => `${VersionId}${IsDefaultVersion === 'true' ? '*' : ''}`,
  )
const can = async (action: string) => (await daypass.iam(bob, action)).code === undefined
/** Rows in which texts of versions lie. */
const textRows = async (id?: string) => {
  const row = await daypass.deps.store.get(policyKey(ACCOUNT, 'p'))
  return (await daypass.deps.store.query(`POLICYVERSION#${ACCOUNT}#${id ?? String(row?.policyId)}`)).items
}

describe('versions of a managed policy', () => {
  it('are made, listed youngest first, and told with their texts', async () => {
    daypass.clock.advance(5000)
    const { result } = await add(text('iam:ListGroups'))
    expect(result.PolicyVersion).toEqual({
      VersionId: 'v2',
      IsDefaultVersion: 'false',
      CreateDate: '2026-01-01T00:00:05Z',
    })
    expect(await versions()).toEqual(['v2', 'v1*'])
    expect([await textOf('v1'), await textOf('v2')]).toEqual([text('iam:ListUsers'), text('iam:ListGroups')])
    expect((await get('v1')).result.PolicyVersion).toMatchObject({
      IsDefaultVersion: 'true',
      CreateDate: '2026-01-01T00:00:00Z',
    })
    const { Policy } = await daypass.root('GetPolicy', { PolicyArn })
    expect(Policy).toMatchObject({
      DefaultVersionId: 'v1',
      CreateDate: '2026-01-01T00:00:00Z',
      UpdateDate: '2026-01-01T00:00:05Z',
    })
  })

  it('grant only by the default one, from the next request on', async () => {
    await add(text('iam:ListGroups'))
    expect([await can('ListUsers'), await can('ListGroups')]).toEqual([true, false])
    await setDefault('v2')
    expect([await can('ListUsers'), await can('ListGroups')]).toEqual([false, true])
    await add(text('iam:ListRoles'), { SetAsDefault: 'true' })
    expect([await can('ListGroups'), await can('ListRoles')]).toEqual([false, true])
    await setDefault('v1')
    expect([await can('ListUsers'), await can('ListRoles')]).toEqual([true, false])
    expect(await versions()).toEqual(['v3', 'v2', 'v1*'])
    expect(await Promise.all(['v1', 'v2', 'v3'].map(textOf))).toEqual([
      text('iam:ListUsers'),
      text('iam:ListGroups'),
      text('iam:ListRoles'),
    ])
  })

  it('are five at most, also when they are asked for at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => add(text(`s3:Get${n}`))))
    const made = answers.filter(({ code }) => code === undefined)
    expect((await versions()).length).toBe(1 + made.length)
    while ((await versions()).length < 5) await add(DOCUMENT)
    const over = await add(DOCUMENT)
    expect([over.status, over.code, over.message]).toEqual([
      409,
      'LimitExceeded',
      expect.stringContaining('up to 5 versions'),
    ])
    expect(await textRows()).toHaveLength(4)
  })

  it('have numbers that are never used again', async () => {
    await add(DOCUMENT)
    await remove('v2')
    expect((await add(DOCUMENT)).result.PolicyVersion.VersionId).toBe('v3')
    expect(await versions()).toEqual(['v3', 'v1*'])
  })

  it('go one by one, but not the default one', async () => {
    await add(text('s3:Get1'))
    await setDefault('v2')
    const refused = await remove('v2')
    expect([refused.status, refused.code, refused.message]).toEqual([
      409,
      'DeleteConflict',
      'Cannot delete the default version of a policy.',
    ])
    expect((await remove('v1')).code).toBeUndefined()
    expect(await versions()).toEqual(['v2*'])
    const gone = await get('v1')
    expect([gone.code, gone.message]).toEqual([
      'NoSuchEntity',
      `Policy ${PolicyArn} version v1 does not exist or is not attachable.`,
    ])
  })

  it.each([
    ['SetDefaultPolicyVersion', 'v9', 'NoSuchEntity'],
    ['DeletePolicyVersion', 'v9', 'NoSuchEntity'],
    ['GetPolicyVersion', 'v9', 'NoSuchEntity'],
    ['GetPolicyVersion', '1', 'ValidationError'],
    ['GetPolicyVersion', 'v01', 'ValidationError'],
  ])('are known by their ids alone: %s %s', async (action, VersionId, code) => {
    expect((await daypass.iam(ROOT, action, { PolicyArn, VersionId })).code).toBe(code)
  })

  it.each([
    ['that is no policy', '{', 'MalformedPolicyDocument'],
    ['of the older version', DOCUMENT.replace('2012-10-17', '2008-10-17'), 'MalformedPolicyDocument'],
    ['of 6,145 characters', text(`s3:${'x'.repeat(6145 - text('s3:').length)}`), 'LimitExceeded'],
  ])('refuse a text %s', async (_what, document, code) => {
    expect((await add(document)).code).toBe(code)
    expect(await versions()).toEqual(['v1*'])
    expect(await textRows()).toHaveLength(0)
  })

  it('are listed in pages', async () => {
    await add(text('s3:Get1'))
    await add(text('s3:Get2'))
    const first = await daypass.root('ListPolicyVersions', { PolicyArn, MaxItems: 2 })
    expect([members(first.Versions).length, first.IsTruncated]).toEqual([2, 'true'])
    const second = await daypass.root('ListPolicyVersions', { PolicyArn, MaxItems: 2, Marker: first.Marker })
    expect([members(second.Versions).map(({ VersionId }) => VersionId), second.IsTruncated]).toEqual([['v1'], 'false'])
  })

  it('lose no text, whatever becomes the default one at the same moment', async () => {
    for (const n of [2, 3, 4]) await add(text(`s3:Get${n}`))
    await Promise.all(['v2', 'v3', 'v4', 'v1', 'v3'].map(setDefault))
    expect(await Promise.all(['v2', 'v3', 'v4'].map(textOf))).toEqual([2, 3, 4].map((n) => text(`s3:Get${n}`)))
    expect(await textOf('v1')).toBe(text('iam:ListUsers'))
    const row = await daypass.deps.store.get(policyKey(ACCOUNT, 'p'))
    expect(row?.document).toBe(await textOf(String(row?.defaultVersionId)))
  })

  it('leave no texts behind when the policy goes', async () => {
    await add(text('s3:Get1'))
    await setDefault('v2')
    await remove('v1')
    await daypass.root('DetachUserPolicy', { UserName: 'bob', PolicyArn })
    const row = await daypass.deps.store.get(policyKey(ACCOUNT, 'p'))
    await daypass.root('DeletePolicy', { PolicyArn })
    expect(await textRows(String(row?.policyId))).toHaveLength(0)
  })

  it('keep what the bootstrap document did to the default one', async () => {
    const PolicyDocument = text('iam:ListRoles')
    await add(text('s3:Get2'))
    await daypass.root('TagPolicy', { PolicyArn, Tags: [{ Key: 'k', Value: 'v' }] })
    await daypass.apply({ id: ACCOUNT, policies: [{ PolicyName: 'p', PolicyDocument }] })
    await setDefault('v2')
    expect([await textOf('v1'), await textOf('v2')]).toEqual([PolicyDocument, text('s3:Get2')])
    expect(members((await daypass.root('ListPolicyTags', { PolicyArn })).Tags)).toHaveLength(1)
  })
})
