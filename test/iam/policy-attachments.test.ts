import { StsError } from '@daypass/core/errors.ts'
import { announceUse } from '@daypass/core/managed-policies/uses.ts'
import { groupKey, policyKey, policyUsePartition } from '@daypass/core/store/keys.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import type { IamCall } from '../../functions/iam/call.ts'
import { noteAttached, noteDetached } from '../../functions/iam/policy-attachments.ts'
import { ACCOUNT } from '../support/deployment.ts'
import { type IamDeployment, iamDeployment, policy, ROOT } from '../support/iam.ts'

const PolicyArn = `arn:aws:iam::${ACCOUNT}:policy/p`
const ATTACHMENT = { policyArn: PolicyArn, usage: 'policy', kind: 'group', name: 'devs' } as const

let daypass: IamDeployment
let store: Store

beforeEach(async () => {
  daypass = await iamDeployment()
  store = daypass.deps.store
  await daypass.root('CreatePolicy', { PolicyName: 'p', PolicyDocument: policy({ Action: 's3:GetObject' }) })
  await daypass.root('CreateGroup', { GroupName: 'devs' })
})

/** What attaching needs of a call. */
const call = (over = store) => ({ account: ACCOUNT, store: over, deps: daypass.deps }) as unknown as IamCall
const rows = async () => (await store.query(policyUsePartition(ACCOUNT))).items
const setAttached = (...attachedPolicies: string[]) =>
  store.update(groupKey(ACCOUNT, 'devs'), { set: { attachedPolicies } })
const remove = async () => (await daypass.iam(ROOT, 'DeletePolicy', { PolicyArn })).code

describe('noteAttached', () => {
  it('names the use before the entity has the policy, and keeps it', async () => {
    await noteAttached(call(), ATTACHMENT, async () => {
      expect(await rows()).toHaveLength(1)
      expect(await remove()).toBe('DeleteConflict')
      await setAttached(PolicyArn)
    })
    expect((await rows()).map(({ confirmed }) => confirmed)).toEqual([true])
    expect(await remove()).toBe('DeleteConflict')
  })

  it.each([
    ['that does not exist', `arn:aws:iam::${ACCOUNT}:policy/none`],
    ['of another path', `arn:aws:iam::${ACCOUNT}:policy/x/p`],
    ['of another account', 'arn:aws:iam::111122223333:policy/p'],
  ])('refuses a policy %s, and leaves nothing behind', async (_what, policyArn) => {
    await daypass.apply({
      id: '111122223333',
      policies: [{ PolicyName: 'p', PolicyDocument: policy({ Action: 's3:*' }) }],
    })
    const attach = () => Promise.reject(new Error('must not run'))
    await expect(noteAttached(call(), { ...ATTACHMENT, policyArn }, attach)).rejects.toMatchObject({
      code: 'NoSuchEntity',
      message: `Policy ${policyArn} does not exist or is not attachable.`,
    })
    expect(await rows()).toEqual([])
  })

  it('refuses a policy that goes while it is being attached', async () => {
    const racing: Store = {
      ...store,
      async get(key) {
        const item = await store.get(key)
        if (key.pk.startsWith('POLICY#')) await store.remove(policyKey(ACCOUNT, 'p'))
        return item
      },
    }
    const attach = () => Promise.reject(new Error('must not run'))
    await expect(noteAttached(call(racing), ATTACHMENT, attach)).rejects.toMatchObject({ code: 'NoSuchEntity' })
    expect(await rows()).toEqual([])
  })

  it('forgets the use when the entity refuses the policy', async () => {
    const refusal = new StsError('LimitExceeded', 'full')
    await expect(noteAttached(call(), ATTACHMENT, () => Promise.reject(refusal))).rejects.toBe(refusal)
    expect(await rows()).toEqual([])
    expect(await remove()).toBeUndefined()
  })

  it('keeps the use when nobody knows whether the entity has the policy', async () => {
    const timeout = () => Promise.reject(new Error('no answer'))
    await expect(noteAttached(call(), ATTACHMENT, timeout)).rejects.toThrow('no answer')
    expect(await remove()).toBe('DeleteConflict')
    await setAttached(PolicyArn)
    daypass.clock.advance(1e9)
    expect(await remove()).toBe('DeleteConflict')
  })

  it('lets nobody delete a policy that may be in the act of being attached, for a minute', async () => {
    await announceUse(store, { ...ATTACHMENT, account: ACCOUNT }, daypass.clock.now())
    daypass.clock.advance(59_999)
    expect(await remove()).toBe('DeleteConflict')
    daypass.clock.advance(1)
    expect(await remove()).toBeUndefined()
  })
})

it('noteDetached forgets the use once the entity has given the policy up', async () => {
  await noteAttached(call(), ATTACHMENT, () => setAttached(PolicyArn))
  await noteDetached(call(), ATTACHMENT, () => setAttached())
  expect(await rows()).toEqual([])
})
