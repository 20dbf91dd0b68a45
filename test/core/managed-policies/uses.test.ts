import {
  announceUse,
  confirmUse,
  countUses,
  findUses,
  type PolicyUse,
  recordUses,
  settleUse,
  withdrawUse,
} from '@daypass/core/managed-policies/uses.ts'
import { type Group, groupItem } from '@daypass/core/store/entities/group.ts'
import { groupKey, policyUsePartition } from '@daypass/core/store/keys.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { memoryStore } from '../../support/memory-store.ts'

const NOW = 1_700_000_000_000
const POLICY = 'arn:aws:iam::1:policy/p'
const USE: PolicyUse = { account: '1', policyArn: POLICY, usage: 'policy', kind: 'group', name: 'Devs' }

let store: Store

beforeEach(() => {
  store = memoryStore()
})

const putGroup = (...attachedPolicies: string[]) => {
  const group: Group = {
    account: '1',
    groupName: 'Devs',
    groupId: 'AGPADEVS',
    path: '/',
    arn: '',
    createdAt: 0,
    inlinePolicies: {},
    attachedPolicies,
  }
  return store.put(groupItem(group))
}
const find = (now = NOW) => findUses(store, '1', POLICY, now)
const rows = async () => (await store.query(policyUsePartition('1'))).items

describe('the index of policy uses', () => {
  it('tells a use that the entity confirms, by the entity’s own name and id', async () => {
    await putGroup(POLICY)
    await confirmUse(store, { ...USE, name: 'DEVS' }, NOW)
    expect(await find()).toEqual({ uses: [{ ...USE, id: 'AGPADEVS', path: '/' }], underWay: false })
    expect(await countUses(store, '1')).toEqual(new Map([[POLICY, { policy: 1, boundary: 0 }]]))
  })

  it('tells a use that was announced as soon as the entity has it, however old it is', async () => {
    await announceUse(store, USE, NOW - 1e9)
    await putGroup(POLICY)
    expect((await find()).uses).toHaveLength(1)
  })

  it('waits for an attachment that may be under way, and forgets it after a minute', async () => {
    await announceUse(store, USE, NOW)
    expect(await find(NOW + 59_999)).toEqual({ uses: [], underWay: true })
    expect(await rows()).toHaveLength(1)
    expect(await find(NOW + 60_000)).toEqual({ uses: [], underWay: false })
    expect(await rows()).toHaveLength(0)
  })

  it.each([
    ['denies it', () => putGroup('arn:aws:iam::1:policy/other')],
    ['is gone', async () => undefined],
    ['has it as something else', () => store.put({ ...groupKey('1', 'Devs'), attachedPolicies: [], boundary: POLICY })],
  ])('forgets a confirmed use at once when the entity %s', async (_what, entity) => {
    await entity()
    await confirmUse(store, USE, NOW)
    expect(await find()).toEqual({ uses: [], underWay: false })
    expect(await rows()).toHaveLength(0)
  })

  it('does not take the uses of a policy whose name begins alike', async () => {
    await putGroup(POLICY, `${POLICY}2`)
    await confirmUse(store, { ...USE, policyArn: `${POLICY}2` }, NOW)
    expect((await find()).uses).toEqual([])
  })

  it('settles after a detachment, but not while the entity has the policy or somebody attaches it', async () => {
    await putGroup(POLICY)
    await confirmUse(store, USE, NOW)
    await settleUse(store, USE, NOW)
    expect(await rows()).toHaveLength(1)
    await putGroup()
    await announceUse(store, USE, NOW)
    await settleUse(store, USE, NOW)
    expect(await rows()).toHaveLength(1)
    await confirmUse(store, USE, NOW)
    await settleUse(store, USE, NOW)
    expect(await rows()).toHaveLength(0)
  })

  it('does not drop a row for what was known of an older one', async () => {
    await putGroup()
    await confirmUse(store, USE, NOW)
    const slow: Store = {
      ...store,
      async get(key) {
        const item = await store.get(key)
        // Between the look at the entity and the removal somebody attaches the policy again.
        if (key.sk === 'devs') {
          await announceUse(store, USE, NOW)
          await putGroup(POLICY)
        }
        return item
      },
    }
    await settleUse(slow, USE, NOW)
    expect((await find()).uses).toHaveLength(1)
  })

  it('takes back an announcement of one’s own, and nobody else’s', async () => {
    await putGroup()
    const mine = await announceUse(store, USE, NOW)
    await withdrawUse(store, mine)
    expect(await rows()).toHaveLength(0)
    const first = await announceUse(store, USE, NOW)
    await announceUse(store, USE, NOW)
    await withdrawUse(store, first)
    expect(await rows()).toHaveLength(1)
  })

  it('keeps an announcement that the entity has borne out', async () => {
    await putGroup(POLICY)
    await withdrawUse(store, await announceUse(store, USE, NOW))
    expect((await find()).uses).toHaveLength(1)
  })

  it('is told before a row is replaced, and settles what the row no longer has', async () => {
    const other = 'arn:aws:iam::1:policy/other'
    await putGroup(other)
    await confirmUse(store, { ...USE, policyArn: other }, NOW)
    let announced = 0
    await recordUses(store, NOW, USE, { attachedPolicies: [POLICY], boundary: undefined }, async () => {
      announced = (await rows()).length
      await putGroup(POLICY)
    })
    expect(announced).toBe(2)
    expect((await rows()).map(({ policyArn, confirmed }) => [policyArn, confirmed])).toEqual([[POLICY, true]])
  })

  it('answers any number of users of a policy', async () => {
    for (let n = 0; n < 250; n++) {
      await store.put({
        ...groupKey('1', `g${n}`),
        groupName: `g${n}`,
        groupId: `id${n}`,
        path: '/',
        attachedPolicies: [POLICY],
      })
      await confirmUse(store, { ...USE, name: `g${n}` }, NOW)
    }
    expect((await find()).uses).toHaveLength(250)
    expect(await countUses(store, '1')).toEqual(new Map([[POLICY, { policy: 250, boundary: 0 }]]))
  })
})
