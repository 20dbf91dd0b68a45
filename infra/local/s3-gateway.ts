import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { CredentialDeps } from '@daypass/core/authentication/credentials.ts'
import { decisionWebhook, webhookFetch } from '@daypass/core/decision-webhook/ask.ts'
import type { Log } from '@daypass/core/deps.ts'
import { bindPrincipals } from '@daypass/core/trust-policies/bind.ts'
import { s3Authenticate, s3AuthenticateForm } from '../../functions/s3/authenticate.ts'
import { s3Authorize, s3AuthorizeByWebhook } from '../../functions/s3/authorize.ts'
import { type BucketRecords, bucketRecords } from '../../functions/s3/backing/bucket-records.ts'
import { embeddedObjects } from '../../functions/s3/backing/embedded/object-store.ts'
import { isAccount } from '../../functions/s3/is-account.ts'
import type { S3Service } from '../../functions/s3/port.ts'
import { s3Service } from '../../functions/s3/service.ts'
import type { S3Settings, Settings } from './settings.ts'

/** The S3 gateway over the store that the settings name: another S3, or files in the data folder. */
export async function gateway(settings: Settings, deps: CredentialDeps & { readonly log: Log }): Promise<S3Service> {
  const { store, clock, log } = deps
  const now = () => clock.now()
  const records = bucketRecords({ store, now, newId: randomUUID })
  const backing = settings.s3
    ? await anotherS3(settings.s3, settings.accountId, records, now)
    : await embeddedObjects({ store, buckets: records, now, folder: join(settings.dataDir, 'objects') })
  const authorize = settings.decisionWebhook
    ? s3AuthorizeByWebhook(clock, decisionWebhook(settings.decisionWebhook, { fetch: webhookFetch(), log }))
    : s3Authorize(clock)
  const bindPolicy = (document: string) => bindPrincipals(store, document)
  return s3Service({
    ...backing,
    authenticate: s3Authenticate(deps),
    authenticateForm: s3AuthenticateForm(deps),
    now,
    authorize,
    bindPolicy,
    isAccount: (account) => isAccount(store, account),
    domains: settings.s3Domains,
    log,
  })
}

/** Its client is loaded only for those who have such a store. */
async function anotherS3(settings: S3Settings, defaultAccount: string, records: BucketRecords, now: () => number) {
  const [{ endpointBuckets }, { endpointClient }, { endpointObjects }] = await Promise.all([
    import('../../functions/s3/backing/endpoint/buckets.ts'),
    import('../../functions/s3/backing/endpoint/client.ts'),
    import('../../functions/s3/backing/endpoint/object-store.ts'),
  ])
  const client = endpointClient(settings, { now })
  return { buckets: endpointBuckets({ client, records, defaultAccount }), objects: endpointObjects({ client, now }) }
}
