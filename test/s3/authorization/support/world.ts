import { randomUUID } from 'node:crypto'
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { applyBootstrap } from '@daypass/core/bootstrap/apply.ts'
import type { BootstrapDocument } from '@daypass/core/bootstrap/document.ts'
import { KeyRing, newStoredKey } from '@daypass/core/credentials/key-ring.ts'
import { type Clock, systemClock } from '@daypass/core/deps.ts'
import { mintSession, type SessionDraft } from '@daypass/core/sessions/mint.ts'
import { parseRole } from '@daypass/core/store/entities/role.ts'
import { parseUser } from '@daypass/core/store/entities/user.ts'
import { roleKey, userKey } from '@daypass/core/store/keys.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { s3Authenticate, s3AuthenticateForm } from '../../../../functions/s3/authenticate.ts'
import { s3Authorize } from '../../../../functions/s3/authorize.ts'
import { bucketRecords } from '../../../../functions/s3/backing/bucket-records.ts'
import { embeddedObjects } from '../../../../functions/s3/backing/embedded/object-store.ts'
import type { SigningCredentials } from '../../../support/sign.ts'
import { type Backing, type Gateway, startGateway } from '../../support/gateway.ts'

/** Two accounts of AWS's kind and two of Ceph's. */
export const OURS = '111122223333'
export const THEIRS = '444455556666'
export const CEPH = ''
export const CEPH_TOO = 'rgw'
/** Under which buckets have hosts of their own. */
export const DOMAIN = 's3.test'

export const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement })
const s3Full = ['arn:aws:iam::aws:policy/AmazonS3FullAccess']
const key = (name: string) => ({
  AccessKeyId: `AKIA${name.toUpperCase()}`,
  SecretAccessKey: `${name}-secret-of-forty-characters-0000000000`,
})
const user = (UserName: string, more = {}) => ({ UserName, accessKeys: [key(UserName)], ...more })
const role = (RoleName: string, more = {}) => ({
  RoleName,
  AssumeRolePolicyDocument: policy({ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }),
  ...more,
})

const DOCUMENT: BootstrapDocument = {
  accounts: [
    {
      id: OURS,
      rootAccessKey: key('ourroot'),
      users: [
        user('plain'),
        user('full', { attachedPolicies: s3Full }),
        user('bounded', { attachedPolicies: s3Full, PermissionsBoundary: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess' }),
        user('denied', { policies: { no: policy({ Effect: 'Deny', Action: 's3:GetObject', Resource: '*' }) } }),
        user('tagged', { Tags: [{ Key: 'team', Value: 'blue' }] }),
      ],
      roles: [
        role('worker'),
        role('fullworker', { attachedPolicies: s3Full }),
        role('boundworker', { PermissionsBoundary: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess' }),
      ],
    },
    {
      id: THEIRS,
      rootAccessKey: key('theirroot'),
      users: [user('stranger'), user('fullstranger', { attachedPolicies: s3Full })],
      roles: [role('visitor', { attachedPolicies: s3Full })],
    },
    {
      id: CEPH,
      rootAccessKey: key('cephroot'),
      users: [user('cephplain')],
      roles: [role('cephworker')],
    },
    { id: CEPH_TOO, rootAccessKey: key('rgwroot'), users: [user('rgwfull', { attachedPolicies: s3Full })] },
  ],
}

/** What a session has beside whose it is. */
interface SessionWish {
  readonly name?: string
  readonly sessionPolicy?: object
}

/** The gateway with real doorkeepers over accounts of every kind. */
export interface World {
  readonly gateway: Gateway
  readonly ring: KeyRing
  /** Round trips to the table since the last `splice`. */
  readonly trips: string[]
  credentials(name: string): SigningCredentials
  role(account: string, roleName: string, wish?: SessionWish): Promise<SigningCredentials>
  federated(account: string, userName: string, wish?: SessionWish): Promise<SigningCredentials>
  /** The user's own session, as GetSessionToken makes one. */
  own(account: string, userName: string): Promise<SigningCredentials>
  client(credentials: SigningCredentials): S3Client
  /** A new bucket of the account with the object `k` and this policy. */
  bucket(root: string, bucketPolicy?: object | ((name: string) => object)): Promise<string>
  close(): Promise<void>
}

let made = 0

export async function startWorld({ clock = systemClock }: { readonly clock?: Clock } = {}): Promise<World> {
  const stored = newStoredKey(clock.now())
  const ring = new KeyRing(async () => ({ keys: [stored] }), clock)
  const trips: string[] = []
  const gateway = await startGateway(counting(trips), async (store) => {
    await applyBootstrap({ store, longTermRing: ring, clock }, DOCUMENT)
    const deps = { store: counted(store, trips), sessionRing: ring, longTermRing: ring, clock }
    return {
      authenticate: s3Authenticate(deps),
      authenticateForm: s3AuthenticateForm(deps),
      authorize: s3Authorize(clock),
      domains: [DOMAIN],
    }
  })
  const { store } = gateway
  const clients: S3Client[] = []

  const credentials = (name: string): SigningCredentials => {
    const { AccessKeyId, SecretAccessKey } = key(name)
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey }
  }
  const mint = async (draft: SessionDraft): Promise<SigningCredentials> => {
    const { AccessKeyId, SecretAccessKey, SessionToken } = await mintSession({ store, sessionRing: ring }, draft)
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
  }
  const common = (account: string, { sessionPolicy }: SessionWish = {}) => ({
    account,
    issuedAt: clock.now(),
    expiresAt: Math.floor(clock.now() / 1000) + 900,
    sessionPolicyArns: [],
    tags: [],
    transitiveTagKeys: [],
    claims: {},
    ancestors: [],
    ...(sessionPolicy && { sessionPolicy: JSON.stringify(sessionPolicy) }),
  })
  const found = async (at: ReturnType<typeof userKey>) => {
    const item = await store.get(at)
    if (!item) throw new Error(`no ${at.sk} in the world`)
    return item
  }
  const client = ({ accessKeyId, secretAccessKey, sessionToken }: SigningCredentials) => {
    const made = new S3Client({
      endpoint: gateway.endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    })
    clients.push(made)
    return made
  }

  return {
    gateway,
    ring,
    trips,
    credentials,
    client,
    async role(account, roleName, wish = {}) {
      const { roleId } = parseRole(await found(roleKey(account, roleName)))
      return mint({ ...common(account, wish), kind: 'role', roleName, roleId, roleSessionName: wish.name ?? 'job' })
    },
    async federated(account, userName, wish = {}) {
      const { userId } = parseUser(await found(userKey(account, userName)))
      const federatedName = wish.name ?? 'guest'
      return mint({ ...common(account, wish), kind: 'federated-user', federatedName, userName, userId })
    },
    async own(account, userName) {
      const { userId } = parseUser(await found(userKey(account, userName)))
      return mint({ ...common(account), kind: 'user', userName, userId, madeBy: 'GetSessionToken' })
    },
    async bucket(root, bucketPolicy) {
      made += 1
      const Bucket = `bucket-${made}`
      const owner = client(credentials(root))
      await owner.send(new CreateBucketCommand({ Bucket }))
      await owner.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'content' }))
      const document = typeof bucketPolicy === 'function' ? bucketPolicy(Bucket) : bucketPolicy
      if (document) await owner.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(document) }))
      return Bucket
    },
    async close() {
      for (const each of clients) each.destroy()
      await gateway.close()
    },
  }
}

/** The embedded store behind a table that tells of every call to it. */
const counting =
  (trips: string[]): Backing =>
  (table, folder) => {
    const store = counted(table, trips)
    const now = () => Date.now()
    return embeddedObjects({ store, buckets: bucketRecords({ store, now, newId: randomUUID }), now, folder })
  }

/** A store that tells of every call to it. */
const counted = (store: Store, trips: string[]): Store => ({
  get: (at) => {
    trips.push(`get ${at.pk}`)
    return store.get(at)
  },
  getMany: (keys) => {
    trips.push(`getMany ${keys.map(({ pk }) => pk).join(' ')}`)
    return store.getMany(keys)
  },
  put: (item, options) => {
    trips.push(`put ${item.pk}`)
    return store.put(item, options)
  },
  update: (at, changes, options) => {
    trips.push(`update ${at.pk}`)
    return store.update(at, changes, options)
  },
  remove: (at, options) => {
    trips.push(`remove ${at.pk}`)
    return store.remove(at, options)
  },
  query: (pk, options) => {
    trips.push(`query ${pk}`)
    return store.query(pk, options)
  },
  close: () => store.close(),
})

/** `granted`, or the code of the refusal. */
export async function outcome(request: Promise<unknown>): Promise<string> {
  try {
    await request
    return 'granted'
  } catch (error) {
    return error instanceof Error ? error.name : String(error)
  }
}
