import { parseSession, type Session, sessionItem } from '@daypass/core/store/entities/session.ts'
import { describe, expect, it } from 'vitest'

const common = {
  accessKeyId: 'ASIAAAAAAAAAAAAAAAAA',
  account: '',
  sealedSecret: 'sealed',
  issuedAt: 1,
  expiresAt: 2,
  sessionPolicyArns: [],
  tags: [{ key: 'a', values: ['1', '2'] }],
  transitiveTagKeys: ['a'],
  claims: { sub: ['alice'] },
  ancestors: ['ASIABBBBBBBBBBBBBBBB'],
  lineage: [
    { kind: 'user', account: '', name: 'alice', id: 'AIDA1', issuedAt: 5 },
    { kind: 'role', account: '1', name: 'r', id: 'AROA1', issuedAt: 6, provider: 'issuer.example' },
    { kind: 'root', account: '', name: '', id: '', issuedAt: 7 },
    { kind: 'role', account: '', name: 'r', id: 'AROA2', issuedAt: 8, identitySource: 'certificate/default' },
    { kind: 'role', account: '', name: 'r', id: 'AROA3', issuedAt: 9, provider: 'p', identitySource: 'ldap/x' },
    { kind: 'role', account: '', name: 'r', id: 'AROA4', issuedAt: 10, provider: 'p', subject: 'alice' },
    { kind: 'identity', account: '', name: 'ldap/x', id: '', issuedAt: 11, subject: 'uid=alice' },
  ],
} as const

const SESSIONS: readonly Session[] = [
  { ...common, kind: 'role', roleName: 'r', roleId: 'AROA', roleSessionName: 's', provider: 'p', sourceIdentity: 'x' },
  { ...common, kind: 'role', roleName: 'r', roleId: 'AROA', roleSessionName: 's', identitySource: 'ldap/default' },
  { ...common, kind: 'user', userName: 'u', userId: 'AIDA', madeBy: 'GetSessionToken', mfaAuthenticatedAt: 9 },
  { ...common, kind: 'federated-user', federatedName: 'f', userName: 'u', userId: 'AIDA', sessionPolicy: '{}' },
  { ...common, kind: 'federated-user', federatedName: 'f' },
  { ...common, kind: 'root', madeBy: 'AssumeRoot', revokedAt: 3 },
]

describe('a session’s record', () => {
  it.each(SESSIONS)('of kind $kind is read as it was written', (session) => {
    expect(parseSession(JSON.parse(JSON.stringify(sessionItem(session))))).toEqual(session)
  })

  it.each([
    ['no kind', { kind: undefined }],
    ['an unknown kind', { kind: 'admin' }],
    ['a role without its id', { kind: 'role', roleName: 'r', roleSessionName: 's' }],
    [
      'a role taken through a source of no kind',
      { kind: 'role', roleName: 'r', roleId: 'AROA', roleSessionName: 's', identitySource: 'x/default' },
    ],
    ['a user session of unknown making', { kind: 'user', userName: 'u', userId: 'AIDA', madeBy: 'me' }],
    ['a root session of unknown making', { kind: 'root', madeBy: 'me' }],
    ['a federated user of a user without id', { kind: 'federated-user', federatedName: 'f', userName: 'u' }],
    ['a lineage of unknown kind', { lineage: [['admin', '', 'a', 'b', '1']] }],
    ['a lineage without a time', { lineage: [['user', '', 'a', 'b', 'x']] }],
    ['a lineage that is cut', { lineage: [['user', '', 'a']] }],
    ['a mark that is no time', { revokedAt: 'now' }],
  ])('with %s is damaged', (_what, change) => {
    const item = sessionItem({ ...common, kind: 'root', madeBy: 'AssumeRole' })
    expect(() => parseSession({ ...item, ...change } as typeof item)).toThrow(/record has no valid/)
  })
})
