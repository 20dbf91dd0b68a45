import { groupKey, policyKey, roleKey, userKey } from '@daypass/core/store/keys.ts'
import type { Key } from '@daypass/core/store/port.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT } from '../support/deployment.ts'
import { type IamDeployment, iamDeployment, ROOT } from '../support/iam.ts'

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' },
})
const ALLOW = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } })

let daypass: IamDeployment
beforeEach(async () => {
  daypass = await iamDeployment()
})

/** Rows that only stand in the way: what they are is not read for a count. */
async function fill(keyOf: (account: string, name: string) => Key, count: number): Promise<void> {
  const { store } = daypass.deps
  const [{ pk }, there] = [keyOf(ACCOUNT, 'x'), await store.query(keyOf(ACCOUNT, 'x').pk)]
  for (let i = there.items.length; i < count; i++) await store.put({ pk, sk: `filler-${i}` })
}

describe('an account', () => {
  it.each([
    ['users', userKey, 5000, 'CreateUser', { UserName: 'new' }, 'UsersPerAccount'],
    ['groups', groupKey, 300, 'CreateGroup', { GroupName: 'new' }, 'GroupsPerAccount'],
    ['roles', roleKey, 1000, 'CreateRole', { RoleName: 'new', AssumeRolePolicyDocument: TRUST }, 'RolesPerAccount'],
    ['policies', policyKey, 1500, 'CreatePolicy', { PolicyName: 'new', PolicyDocument: ALLOW }, 'PoliciesPerAccount'],
  ] as const)(
    'has room for AWS’s number of %s and not for one more',
    async (_what, keyOf, most, action, params, quota) => {
      await fill(keyOf, most)
      const refused = await daypass.iam(ROOT, action, params)
      expect([refused.code, refused.message]).toEqual(['LimitExceeded', `Cannot exceed quota for ${quota}: ${most}`])
      await daypass.deps.store.remove({ pk: keyOf(ACCOUNT, 'x').pk, sk: `filler-${most - 1}` })
      expect((await daypass.iam(ROOT, action, params)).code).toBeUndefined()
    },
  )
})
