import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { rootArn } from '@daypass/core/arn.ts'
import type { Caller } from '@daypass/core/authentication/caller.ts'
import { CredentialRefusal } from '@daypass/core/authentication/refusal.ts'
import type { LogRecord } from '@daypass/core/deps.ts'
import { anonymousContent, verifiedContent } from '@daypass/core/sigv4/content.ts'
import { parseSignature } from '@daypass/core/sigv4/parse.ts'
import { verifySignature } from '@daypass/core/sigv4/verify.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { bindPrincipals } from '@daypass/core/trust-policies/bind.ts'
import { bucketRecords } from '../../../functions/s3/backing/bucket-records.ts'
import type { BucketRegistry } from '../../../functions/s3/backing/buckets-port.ts'
import { embeddedObjects } from '../../../functions/s3/backing/embedded/object-store.ts'
import type { ObjectStore } from '../../../functions/s3/backing/port.ts'
import type { AccessRequest, Authenticate, S3Deps } from '../../../functions/s3/deps.ts'
import { isAccount } from '../../../functions/s3/is-account.ts'
import { serveS3 } from '../../../functions/s3/node-adapter.ts'
import type { S3Service } from '../../../functions/s3/port.ts'
import { s3Service } from '../../../functions/s3/service.ts'
import { memoryStore } from '../../support/memory-store.ts'

/** Who may do what: by default the account that owns the resource, everything. */
export type Rule = (caller: Caller | undefined, request: AccessRequest) => boolean

const ownerOnly: Rule = (caller, { resourceAccount }) =>
  caller !== undefined && (resourceAccount === undefined || resourceAccount === caller.account)

/** Two accounts with one key each. */
export const KEYS = {
  AKIDALICE: { secretAccessKey: 'alice-secret', account: '111111111111' },
  AKIDBOB: { secretAccessKey: 'bob-secret', account: '222222222222' },
} as const
export type KeyId = keyof typeof KEYS

export const callerOf = (accessKeyId: KeyId): Caller => {
  const { account } = KEYS[accessKeyId]
  const arn = rootArn(account)
  return {
    account,
    arn,
    userId: account,
    accessKeyId,
    principal: { type: 'AWS', account, arn, userId: account, root: true },
    contextKeys: () => new Map(),
    policies: async () => ({ identity: [] }),
  }
}

/** Real signatures over a table of two keys. */
export const authenticate: Authenticate = async (head) => {
  const { method, rawPath: path, rawQuery, headers } = head
  const unverified = parseSignature({ method, path, rawQuery, headers }, { service: 's3' })
  if (!unverified) return { content: (body) => anonymousContent(headers, body) }
  const id = unverified.claimedAccessKeyId
  if (id !== 'AKIDALICE' && id !== 'AKIDBOB') throw new CredentialRefusal('unknown-key', 'no such key')
  if (unverified.claimedSessionToken !== undefined) throw new CredentialRefusal('invalid-token', 'no tokens here')
  const verified = verifySignature(unverified, KEYS[id].secretAccessKey, { now: Date.now(), body: 'streamed' })
  return { caller: callerOf(id), content: (body) => verifiedContent(verified, headers, body) }
}

export interface Gateway {
  readonly endpoint: string
  readonly service: S3Service
  readonly server: Server
  readonly store: Store
  readonly folder: string
  readonly objects: ObjectStore
  readonly buckets: BucketRegistry
  /** Every question that was put to the policies since the last `splice`. */
  readonly asked: AccessRequest[]
  readonly logged: LogRecord[]
  /** Answers from now on by this rule. */
  allow(rule: Rule): void
  client(id?: KeyId, config?: S3ClientConfig): S3Client
  close(): Promise<void>
}

/** What stands behind a gateway: where its objects are, and its buckets. */
export type Backing = (
  store: Store,
  folder: string,
) => Promise<{ readonly objects: ObjectStore; readonly buckets: BucketRegistry }>

const embedded: Backing = (store, folder) => {
  const now = () => Date.now()
  return embeddedObjects({ store, buckets: bucketRecords({ store, now, newId: randomUUID }), now, folder })
}

/** The real doorkeepers in place of the table of two keys and the rule. */
export type Guard = Pick<S3Deps, 'authenticate' | 'authorize'> & Partial<Pick<S3Deps, 'authenticateForm' | 'domains'>>

/** The gateway on a port of its own, with its data in a folder of its own. */
export async function startGateway(
  backing: Backing = embedded,
  guardOf?: (store: Store) => Promise<Guard>,
): Promise<Gateway> {
  const folder = await mkdtemp(join(tmpdir(), 'daypass-s3-'))
  const store = memoryStore()
  const guard = await guardOf?.(store)
  const { objects, buckets } = await backing(store, folder)
  const asked: AccessRequest[] = []
  const logged: LogRecord[] = []
  let rule: Rule = ownerOnly
  const write = (record: LogRecord) => void logged.push(record)
  const service = s3Service({
    authenticate,
    authorize: async (caller, request) => {
      asked.push(request)
      return { allowed: rule(caller, request) }
    },
    authenticateForm: async () => {
      throw new CredentialRefusal('unknown-key', 'no forms here')
    },
    ...guard,
    now: () => Date.now(),
    bindPolicy: (document) => bindPrincipals(store, document),
    isAccount: (account) => isAccount(store, account),
    buckets,
    objects,
    log: { info: write, warn: write, error: write },
  })
  const server = createServer((req, res) =>
    serveS3(service, req, res, {
      requestId: randomUUID(),
      sourceIp: req.socket.remoteAddress ?? '',
      secure: false,
    }),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const clients: S3Client[] = []
  return {
    endpoint,
    service,
    server,
    store,
    folder,
    objects,
    buckets,
    asked,
    logged,
    allow(next) {
      rule = next
    },
    client(id = 'AKIDALICE', config = {}) {
      const client = new S3Client({
        endpoint,
        forcePathStyle: true,
        region: 'us-east-1',
        credentials: { accessKeyId: id, secretAccessKey: KEYS[id].secretAccessKey },
        maxAttempts: 1,
        ...config,
      })
      clients.push(client)
      return client
    },
    async close() {
      for (const client of clients) client.destroy()
      server.closeAllConnections()
      server.close()
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
