import { randomUUID } from 'node:crypto'
import { decisionWebhook, webhookFetch } from '@daypass/core/decision-webhook/ask.ts'
import { ENVIRONMENT, readEnvironment } from '@daypass/core/environment.ts'
import { bindPrincipals } from '@daypass/core/trust-policies/bind.ts'
import { clock, liveCredentials, log } from '../lambda/live.ts'
import { liveDecisionWebhook } from '../lambda/live-decision-webhook.ts'
import { s3Authenticate, s3AuthenticateForm } from './authenticate.ts'
import { s3Authorize, s3AuthorizeByWebhook } from './authorize.ts'
import { bucketRecords } from './backing/bucket-records.ts'
import { endpointBuckets } from './backing/endpoint/buckets.ts'
import { endpointClient } from './backing/endpoint/client.ts'
import { endpointObjects } from './backing/endpoint/object-store.ts'
import { isAccount } from './is-account.ts'
import { lambdaHandler, type StreamingRuntime } from './lambda-adapter.ts'
import { s3Service } from './service.ts'

declare const awslambda: StreamingRuntime

const env = readEnvironment(process.env, ['table', 'accountId', 'sessionRing', 'longTermRing'])
const endpoint = process.env[ENVIRONMENT.s3Endpoint]
const region = process.env[ENVIRONMENT.s3Region] ?? process.env.AWS_REGION
const credentials = await liveCredentials(env)
const now = () => clock.now()
const client = endpointClient({ ...(endpoint && { endpoint }), ...(region && { region }) }, { now })
const records = bucketRecords({ store: credentials.store, now, newId: randomUUID })
const webhook = await liveDecisionWebhook()

/** What a streamed answer of Lambda carries (AWS Lambda developer guide, "Response streaming"). */
const MAX_ANSWER_BYTES = 200_000_000
const redirected = (process.env[ENVIRONMENT.s3RedirectedClients] ?? '').split(',').filter((start) => start !== '')

const service = s3Service({
  answers: { bytes: MAX_ANSWER_BYTES, redirected },
  authenticate: s3Authenticate(credentials),
  authenticateForm: s3AuthenticateForm(credentials),
  now,
  authorize: webhook
    ? s3AuthorizeByWebhook(clock, decisionWebhook(webhook, { fetch: webhookFetch(), log }))
    : s3Authorize(clock),
  bindPolicy: (document) => bindPrincipals(credentials.store, document),
  isAccount: (account) => isAccount(credentials.store, account),
  buckets: endpointBuckets({ client, records, defaultAccount: env.accountId }),
  objects: endpointObjects({ client, now }),
  log,
})

export const handler = lambdaHandler(service, awslambda)
