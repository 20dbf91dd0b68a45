import { describe, expect, it } from 'vitest'
import { decide, type ListedGrant } from '../../../functions/core/policy/decide.ts'
import { authorizationRequest, type PolicyDocuments, policySet } from './case-files.ts'

const A = '111122223333'
const B = '444455556666'
const statement = (Effect: string, Action = 's3:GetObject', more: object = {}) => ({
  Version: '2012-10-17',
  Statement: { Effect, Action, Resource: '*', ...more },
})
const allow = statement('Allow')
const other = statement('Allow', 's3:ListBucket')
const deny = statement('Deny')
const everyone = { Principal: '*' }

type Naming = ListedGrant['naming'] | undefined

function decisionOf(principal: string, naming: Naming, policies: PolicyDocuments, resourceAccount = A) {
  const listed = naming && { accessList: { name: 'ACL', naming } }
  const { outcome, decidedBy } = decide(authorizationRequest({ principal, resourceAccount }), {
    ...policySet(policies),
    ...listed,
  })
  return decidedBy ? `${outcome} by ${decidedBy.policy}` : outcome
}

describe('what an access control list grants', () => {
  it.each<[string, string, Naming, PolicyDocuments, string, string]>([
    ['everyone: a user of the account', 'alice', 'everyone', {}, A, 'allow by ACL'],
    ['everyone: a session of the account', 'roleSession', 'everyone', {}, A, 'allow by ACL'],
    ['everyone: the anonymous', 'anonymous', 'everyone', {}, A, 'allow by ACL'],
    ['nobody: the anonymous', 'anonymous', undefined, {}, A, 'implicitDeny'],
    ['everyone: another account’s user', 'mallory', 'everyone', {}, A, 'implicitDeny'],
    [
      'everyone: another account’s user, let do it',
      'mallory',
      'everyone',
      { identity: [allow] },
      A,
      'allow by identity/0',
    ],
    ['nobody: another account’s user, let do it', 'mallory', undefined, { identity: [allow] }, A, 'implicitDeny'],
    ['everyone: another account’s root', 'foreignRoot', 'everyone', {}, A, 'allow by ACL'],
    ['the account: its user', 'alice', 'account', {}, A, 'implicitDeny'],
    ['the account: its user, let do it', 'mallory', 'account', { identity: [allow] }, A, 'allow by identity/0'],
    ['the account: its root', 'foreignRoot', 'account', {}, A, 'allow by ACL'],
    ['everyone: within a boundary', 'alice', 'everyone', { boundary: other }, A, 'implicitDeny'],
    ['everyone: within a session policy', 'roleSession', 'everyone', { session: [other] }, A, 'implicitDeny'],
    ['everyone: within both', 'roleSession', 'everyone', { boundary: allow, session: [allow] }, A, 'allow by ACL'],
    [
      'everyone: against an identity policy',
      'alice',
      'everyone',
      { identity: [deny] },
      A,
      'explicitDeny by identity/0',
    ],
    [
      'everyone: against the resource’s policy',
      'anonymous',
      'everyone',
      { resource: statement('Deny', 's3:GetObject', everyone) },
      A,
      'explicitDeny by resource/0',
    ],
    [
      'the account, where the resource’s policy names everyone',
      'alice',
      'account',
      { resource: statement('Allow', 's3:GetObject', everyone) },
      A,
      'allow by resource/0',
    ],
    [
      'everyone, where the resource’s policy names the account',
      'alice',
      'everyone',
      { resource: statement('Allow', 's3:GetObject', { Principal: { AWS: A } }) },
      A,
      'allow by ACL',
    ],
    ['everyone: in another account’s place', 'alice', 'everyone', {}, B, 'implicitDeny'],
  ])('%s', (_who, principal, naming, policies, account, decision) => {
    expect(decisionOf(principal, naming, policies, account)).toBe(decision)
  })
})
