import type { Item, Store } from '@daypass/core/store/port.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT } from '../support/deployment.ts'
import { type IamDeployment, iamDeployment, policy, ROOT } from '../support/iam.ts'

type Call = readonly [string, Readonly<Record<string, string>>]

const USERS = {
  noun: 'user',
  partition: `USER#${ACCOUNT}`,
  id: 'userId',
  create: (name: string): Call => ['CreateUser', { UserName: name }],
  rename: (name: string): Call => ['UpdateUser', { UserName: 'bob', NewUserName: name }],
  change: (name: string): Call => ['PutUserPolicy', { UserName: name, PolicyName: 'p', PolicyDocument: RIGHTS }],
  remove: ['DeleteUser', { UserName: 'bob' }],
} as const
const GROUPS = {
  noun: 'group',
  partition: `GROUP#${ACCOUNT}`,
  id: 'groupId',
  create: (name: string): Call => ['CreateGroup', { GroupName: name }],
  rename: (name: string): Call => ['UpdateGroup', { GroupName: 'bob', NewGroupName: name }],
  change: (name: string): Call => ['PutGroupPolicy', { GroupName: name, PolicyName: 'p', PolicyDocument: RIGHTS }],
  remove: ['DeleteGroup', { GroupName: 'bob' }],
} as const
const RIGHTS = policy({ Action: 's3:*' })
/** More than a renaming asks of the store. */
const STEPS = Array.from({ length: 30 }, (_, n) => n + 1)

let daypass: IamDeployment
beforeEach(async () => {
  daypass = await iamDeployment()
})

const run = ([action, params]: Call) => daypass.iam(ROOT, action, params)

/** Runs a call and, before its nth step at the store, another thing. */
async function disturbed(call: Call, step: number, disturb: () => Promise<unknown>) {
  const { store } = daypass.deps
  const methods = ['get', 'getMany', 'put', 'update', 'remove', 'query'] as const
  const original = { ...store }
  let steps = 0
  for (const name of methods) {
    const method = original[name] as (...args: unknown[]) => Promise<unknown>
    Object.assign(store, {
      [name]: async (...args: unknown[]) => {
        if (++steps === step) {
          Object.assign(store, original)
          await disturb()
        }
        return method(...args)
      },
    } satisfies Partial<Record<keyof Store, unknown>>)
  }
  const answer = await run(call)
  Object.assign(store, original)
  return { answer }
}

describe.each([USERS, GROUPS])('a $noun', ({ noun, partition, id, create, rename, change, remove }) => {
  let uniqueId: unknown
  const rows = async () => (await daypass.deps.store.query(partition)).items.filter((row) => row[id] === uniqueId)
  const names = async () => (await rows()).map(({ sk }) => sk)
  const row = async (name: string): Promise<Item | undefined> => daypass.deps.store.get({ pk: partition, sk: name })

  beforeEach(async () => {
    expect((await run(create('bob'))).code).toBeUndefined()
    uniqueId = (await row('bob'))?.[id]
  })

  it.each(STEPS)('has one name after it got two at once (another call at step %i)', async (step) => {
    let rival: string | undefined
    const { answer } = await disturbed(rename('rob'), step, async () => {
      rival = (await run(rename('bert'))).code
    })
    const given = [...(answer.code === undefined ? ['rob'] : []), ...(rival === undefined ? ['bert'] : [])]
    expect(await names()).toHaveLength(1)
    expect(given).toContain((await names())[0])
    expect((await rows())[0]).not.toHaveProperty('renamedTo')
  })

  it.each(STEPS)('does not outlive its deletion under another name (deleted at step %i)', async (step) => {
    let deleted: string | undefined = 'not asked'
    const { answer } = await disturbed(rename('rob'), step, async () => {
      deleted = (await run(remove)).code
    })
    expect(await names()).toEqual(deleted === undefined ? [] : ['rob'])
    expect(answer.code === undefined).toBe(deleted !== undefined)
  })

  it.each(STEPS)('is not deleted when it has got another name meanwhile (renamed at step %i)', async (step) => {
    let renamed: string | undefined = 'not asked'
    const { answer } = await disturbed(remove, step, async () => {
      renamed = (await run(rename('rob'))).code
    })
    expect(await names()).toEqual(renamed === undefined ? ['rob'] : [])
    expect(answer.code === undefined).toBe(renamed !== undefined)
  })

  it.each(STEPS)('gets the name that is asked again after a process ended at step %i', async (step) => {
    await disturbed(rename('rob'), step, async () => Promise.reject(new Error('the process ended')))
    const again = (await run(rename('rob'))).code
    expect(['NoSuchEntity', undefined]).toContain(again)
    expect(await names()).toEqual(['rob'])
    expect((await run(change('rob'))).code).toBeUndefined()
    expect(Object.keys((await row('rob')) ?? {}).filter((name) => name.startsWith('renamed'))).toEqual([])
  })

  it.each(STEPS)('keeps what is changed while it gets another name, or says that it cannot (step %i)', async (step) => {
    let changed: string | undefined = 'not asked'
    await disturbed(rename('rob'), step, async () => {
      changed = (await run(change('bob'))).code
    })
    const kept = (await row('rob'))?.inlinePolicies
    expect(kept).toEqual(changed === undefined ? { p: RIGHTS } : {})
  })

  it.each(STEPS)('loses nothing that is changed under its new name (step %i)', async (step) => {
    let changed: string | undefined = 'not asked'
    await disturbed(rename('rob'), step, async () => {
      changed = (await run(change('rob'))).code
    })
    expect((await row('rob'))?.inlinePolicies).toEqual(changed === undefined ? { p: RIGHTS } : {})
  })

  it.each(STEPS)('is left as it was when the new name is taken meanwhile (step %i)', async (step) => {
    let taken: string | undefined = 'not asked'
    const { answer } = await disturbed(rename('rob'), step, async () => {
      taken = (await run(create('rob'))).code
    })
    expect(await names()).toEqual(answer.code === undefined ? ['rob'] : ['bob'])
    expect(answer.code).toBe(taken === undefined ? 'EntityAlreadyExists' : undefined)
    expect((await run(change(answer.code === undefined ? 'rob' : 'bob'))).code).toBeUndefined()
  })

  it('can be neither changed nor deleted under either name while it gets another', async () => {
    const { store } = daypass.deps
    const { remove: original } = store
    store.remove = async () => Promise.reject(new Error('the process ended'))
    expect((await run(rename('rob'))).status).toBe(500)
    store.remove = original
    for (const call of [change('bob'), change('rob'), remove, rename('bert')]) {
      expect(await run(call)).toMatchObject({ status: 409, code: 'EntityTemporarilyUnmodifiable' })
    }
    expect(await names()).toEqual(['bob', 'rob'])
  })

  it('leaves no second row behind when the first got a third name', async () => {
    const { store } = daypass.deps
    const first = await row('bob')
    if (!first) throw new Error('there is no row')
    await store.put({ ...first, sk: 'rob', [`${noun}Name`]: 'rob', renamedFrom: 'bob' })
    expect((await run(change('rob'))).code).toBe('ConcurrentModification')
    expect(await names()).toEqual(['bob'])
  })
})
