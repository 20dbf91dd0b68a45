import { GetObjectCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3'
import { userKey } from '@daypass/core/store/keys.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SigningCredentials } from '../../support/sign.ts'
import { send } from '../support/raw.ts'
import { CEPH, CEPH_TOO, OURS, outcome, policy, startWorld, THEIRS, type World } from './support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

type Who = (w: World) => SigningCredentials | Promise<SigningCredentials>
const user =
  (name: string): Who =>
  (w) =>
    w.credentials(name)
/** A session policy that lets through what the test does not ask for. */
const other = policy({ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' })
const reads = policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' })

const WHO: Readonly<Record<string, Who>> = {
  'a user without policies': user('plain'),
  'a user with every right': user('full'),
  'a user within a boundary': user('bounded'),
  'a user whose policy denies': user('denied'),
  'its own session of a user': (w) => w.own(OURS, 'plain'),
  'a role’s session': (w) => w.role(OURS, 'worker'),
  'a role’s session by another name': (w) => w.role(OURS, 'worker', { name: 'other' }),
  'a role’s session, narrowed': (w) => w.role(OURS, 'worker', { sessionPolicy: other }),
  'a role’s session within a boundary': (w) => w.role(OURS, 'boundworker'),
  'a federated user': (w) => w.federated(OURS, 'full'),
  'a federated user, let read': (w) => w.federated(OURS, 'plain', { sessionPolicy: reads }),
  root: user('ourroot'),
  'a stranger without policies': user('stranger'),
  'a stranger with every right': user('fullstranger'),
  'a stranger’s session with every right': (w) => w.role(THEIRS, 'visitor'),
  'a stranger’s root': user('theirroot'),
}

const arn = (rest: string, account = OURS, service = 'iam') => `arn:aws:${service}::${account}:${rest}`
const statement = (bucket: string, element: object, Effect: string) => ({
  Effect,
  ...element,
  Action: 's3:GetObject',
  Resource: `arn:aws:s3:::${bucket}/*`,
})

/** Who of them all reads an object of a bucket with this policy. */
async function readers(element: object, Effect = 'Allow', root = 'ourroot', who = WHO): Promise<string[]> {
  const bucket = await world.bucket(root, (name) => policy(statement(name, element, Effect)))
  const granted: string[] = []
  for (const [name, credentials] of Object.entries(who)) {
    const s3 = world.client(await credentials(world))
    const got = await outcome(s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'k' })))
    if (got === 'granted') granted.push(name)
    else expect(got).toBe('AccessDenied')
  }
  const anonymous = await send(world.gateway, { path: `/${bucket}/k`, as: null })
  return anonymous.status === 200 ? [...granted, 'anybody'] : granted
}

/** Who reads without any bucket policy. */
const BY_THEMSELVES = ['a user with every right', 'root']

describe('without a grant of the bucket', () => {
  it('its account’s own policies decide, and nobody else’s', async () => {
    expect(await readers({ Principal: { AWS: arn('user/tagged') } })).toEqual(BY_THEMSELVES)
  })
})

describe('a grant in the account to', () => {
  it.each<[string, object, string[]]>([
    [
      'a user reaches it and its own sessions, boundary or not',
      { AWS: [arn('user/plain'), arn('user/bounded'), arn('user/denied')] },
      [
        'a user without policies',
        'a user with every right',
        'a user within a boundary',
        'its own session of a user',
        'a federated user, let read',
        'root',
      ],
    ],
    [
      'a role reaches its sessions within their session policies and boundary',
      { AWS: [arn('role/worker'), arn('role/boundworker')] },
      ['a user with every right', 'a role’s session', 'a role’s session by another name', 'root'],
    ],
    [
      'a session reaches that one, whatever its session policy leaves unsaid',
      { AWS: arn('assumed-role/worker/job', OURS, 'sts') },
      ['a user with every right', 'a role’s session', 'a role’s session, narrowed', 'root'],
    ],
    [
      'a federated user reaches it',
      { AWS: arn('federated-user/guest', OURS, 'sts') },
      ['a user with every right', 'a federated user', 'a federated user, let read', 'root'],
    ],
    ['the account leaves all to its own policies', { AWS: OURS }, BY_THEMSELVES],
    ['the account’s root likewise', { AWS: arn('root') }, BY_THEMSELVES],
    ['an identity provider reaches no AWS principal', { Federated: 'accounts.google.com' }, BY_THEMSELVES],
    ['a service reaches none', { Service: 'logs.amazonaws.com' }, BY_THEMSELVES],
    ['a canonical user reaches none', { CanonicalUser: 'a'.repeat(64) }, BY_THEMSELVES],
  ])('%s', async (_whom, Principal, expected) => {
    expect(await readers({ Principal })).toEqual(expected)
  })

  const everyone = [
    'a user without policies',
    'a user with every right',
    'its own session of a user',
    'a role’s session',
    'a role’s session by another name',
    'a federated user, let read',
    'root',
    'a stranger with every right',
    'a stranger’s session with every right',
    'a stranger’s root',
    'anybody',
  ]
  it.each([
    ['everyone', '*'],
    ['every AWS principal', { AWS: '*' }],
  ])(
    '%s asks no right of the account, and one of strangers; boundaries and session policies hold',
    async (_name, Principal) => {
      expect(await readers({ Principal })).toEqual(everyone)
    },
  )
})

describe('a grant across accounts', () => {
  it.each<[string, object, string[]]>([
    [
      'to the other account needs the caller’s own policies too',
      { AWS: THEIRS },
      ['a stranger with every right', 'a stranger’s session with every right', 'a stranger’s root'],
    ],
    ['to a user is for it alone', { AWS: arn('user/fullstranger', THEIRS) }, ['a stranger with every right']],
    ['to a user without policies is none', { AWS: arn('user/stranger', THEIRS) }, []],
    ['to a role', { AWS: arn('role/visitor', THEIRS) }, ['a stranger’s session with every right']],
    [
      'to a session',
      { AWS: arn('assumed-role/visitor/job', THEIRS, 'sts') },
      ['a stranger’s session with every right'],
    ],
    ['to another session is none', { AWS: arn('assumed-role/visitor/else', THEIRS, 'sts') }, []],
  ])('%s', async (_whom, Principal, expected) => {
    expect(await readers({ Principal })).toEqual([...BY_THEMSELVES, ...expected])
  })
})

describe('a denial', () => {
  it.each<[string, object]>([
    ['of everyone', { Principal: '*' }],
    ['of the account', { Principal: { AWS: OURS } }],
    ['of all but somebody', { NotPrincipal: { AWS: [OURS, arn('user/tagged')] } }],
  ])('%s wins over every right', async (_whom, element) => {
    expect(await readers(element, 'Deny')).toEqual(element && 'NotPrincipal' in element ? ['root'] : [])
  })

  it('of a user leaves the others', async () => {
    expect(await readers({ Principal: { AWS: arn('user/full') } }, 'Deny')).toEqual(['root'])
    expect(await readers({ Principal: { AWS: arn('user/plain') } }, 'Deny')).toEqual(BY_THEMSELVES)
  })

  it('of a role denies its sessions what they are granted by name', async () => {
    const bucket = await world.bucket('ourroot', (name) =>
      policy(
        statement(name, { Principal: { AWS: arn('assumed-role/worker/job', OURS, 'sts') } }, 'Allow'),
        statement(name, { Principal: { AWS: arn('role/worker') } }, 'Deny'),
      ),
    )
    const s3 = world.client(await world.role(OURS, 'worker'))
    expect(await outcome(s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'k' })))).toBe('AccessDenied')
  })
})

describe('in a Ceph-style account', () => {
  const CEPHS: Readonly<Record<string, Who>> = {
    user: user('cephplain'),
    session: (w) => w.role(CEPH, 'cephworker'),
    'narrowed session': (w) => w.role(CEPH, 'cephworker', { sessionPolicy: other }),
    'other session': (w) => w.role(CEPH, 'cephworker', { name: 'other' }),
    'other account': user('rgwfull'),
    stranger: user('fullstranger'),
  }
  it.each<[string, object, string[]]>([
    ['a user of the empty account', { AWS: arn('user/cephplain', CEPH) }, ['user']],
    ['a session under iam', { AWS: arn('assumed-role/cephworker/job', CEPH) }, ['session', 'narrowed session']],
    ['a session under sts', { AWS: arn('assumed-role/cephworker/job', CEPH, 'sts') }, ['session', 'narrowed session']],
    ['a role', { AWS: arn('role/cephworker', CEPH) }, ['session', 'other session']],
    ['another account', { AWS: arn('root', CEPH_TOO) }, ['other account']],
    ['an empty text is nobody', { AWS: arn('user/nobody', CEPH) }, []],
  ])('a grant to %s reaches whom it names', async (_whom, Principal, expected) => {
    expect(await readers({ Principal }, 'Allow', 'cephroot', CEPHS)).toEqual(expected)
  })
})

describe('a user that was made anew', () => {
  it('inherits no grant of its namesake, and a renamed one keeps its own', async () => {
    const bucket = await world.bucket('ourroot', (name) =>
      policy(statement(name, { Principal: { AWS: arn('user/tagged') } }, 'Allow')),
    )
    const get = () => world.client(world.credentials('tagged')).send(new GetObjectCommand({ Bucket: bucket, Key: 'k' }))
    expect(await outcome(get())).toBe('granted')
    const { store } = world.gateway
    const key = userKey(OURS, 'tagged')
    const before = (await store.get(key)) ?? expect.fail('no user')
    // As DeleteUser and CreateUser leave it: the same name and ARN, another id.
    await store.put({ ...before, userId: 'AIDAANOTHERUSERID123' })
    expect(await outcome(get())).toBe('AccessDenied')
    const again = policy(statement(bucket, { Principal: { AWS: arn('user/tagged') } }, 'Allow'))
    await world
      .client(world.credentials('ourroot'))
      .send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify(again) }))
    expect(await outcome(get())).toBe('granted')
    await store.put(before)
    expect(await outcome(get())).toBe('AccessDenied')
  })
})

describe('a request', () => {
  it.each<[string, string, number]>([
    ['of a session', 'session', 1],
    ['of a user', 'user', 2],
  ])('%s reads the bucket’s row with the caller’s, in %s trips', async (_whose, kind, most) => {
    const bucket = await world.bucket('ourroot', (name) => policy(statement(name, { Principal: '*' }, 'Allow')))
    const credentials = kind === 'session' ? await world.role(OURS, 'fullworker') : world.credentials('plain')
    world.trips.length = 0
    await world.client(credentials).send(new GetObjectCommand({ Bucket: bucket, Key: 'k' }))
    const deciding = world.trips.filter((trip) => !trip.startsWith('get OBJECT#'))
    expect(deciding.length).toBeLessThanOrEqual(most)
    expect(world.trips.filter((trip) => trip.includes(`BUCKET#${bucket}`))).toHaveLength(1)
  })
})
