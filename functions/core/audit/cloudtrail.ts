import { hash } from 'node:crypto'
import type { Log, LogRecord } from '../deps.ts'
import { userIdentityOf } from './user-identity.ts'

/** The record of one exchange, as the Query service writes it. */
export type ExchangeRecord = LogRecord & { readonly event: 'exchange' }

export interface AuditPlace {
  /** Where the deployment runs: AWS's region, or `local`. */
  readonly region: string
  /** Seconds are enough for CloudTrail, so the time of writing stands for that of the request. In ms since the epoch. */
  now(): number
}

const VERSION = '1.11'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What becomes a field of CloudTrail's own; all else that is known of an exchange goes to `additionalEventData`. */
const TOLD_ELSEWHERE = new Set([
  'event',
  'service',
  'action',
  'code',
  'reason',
  'requestId',
  'sourceIp',
  'userAgent',
  'role',
  'accessKeyId',
  'caller',
  'callerAccessKeyId',
  'provider',
  'subject',
  'source',
])

/** Everything of STS and IAM that changes no configuration begins with one of these, as CloudTrail sees it. */
const READS = /^(?:Assume|Decode|Generate|Get|List|Simulate)/

/**
 * One audit event in CloudTrail's record shape, for the tools that read it: who, what, from where, and the answer. A member
 * is absent when nothing is known for it; nothing in it is a secret, because nothing in the exchange's record is.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function cloudTrailRecord(exchange: ExchangeRecord, { region, now }: AuditPlace): Record<string, unknown> {
  const { service, action, outcome, code, reason, requestId, sourceIp, userAgent, role, accessKeyId } = exchange
  const identity = userIdentityOf(exchange)
  const name = typeof action === 'string' ? action : 'Unknown'
  // Members are added one by one: copying them into a literal would cost as much as the rest of the record.
  const record: Record<string, unknown> = {
    eventVersion: VERSION,
    userIdentity: identity,
    eventTime: wholeSeconds(now()),
    eventSource: `${service}.amazonaws.com`,
    eventName: name,
    awsRegion: region,
    sourceIPAddress: sourceIp,
    userAgent,
    requestParameters: role === undefined ? null : { roleArn: role },
    responseElements: accessKeyId === undefined ? null : { credentials: { accessKeyId } },
    additionalEventData: restOf(exchange),
    requestID: requestId,
    eventID: eventId(String(requestId)),
    readOnly: READS.test(name),
    eventType: 'AwsApiCall',
    managementEvent: true,
    eventCategory: 'Management',
  }
  const recipient = accountOf(role) ?? accountOf(exchange.caller)
  if (recipient !== undefined) record.recipientAccountId = recipient
  if (outcome === 'granted') return record
  record.errorCode = code
  record.errorMessage = reason
  return record
}

/** A log whose records of exchanges are audit events. */
export function auditTrail(log: Log, place: AuditPlace): Log {
  const shaped = (record: LogRecord): LogRecord =>
    isExchange(record) ? Object.assign(cloudTrailRecord(record, place), EXCHANGE) : record
  return {
    info: (record) => log.info(shaped(record)),
    warn: (record) => log.warn(shaped(record)),
    error: (record) => log.error(shaped(record)),
  }
}

const EXCHANGE = { event: 'exchange' } as const

export const isExchange = (record: LogRecord): record is ExchangeRecord => record.event === 'exchange'

function restOf(exchange: ExchangeRecord): Record<string, unknown> {
  const rest: Record<string, unknown> = {}
  for (const key of Object.keys(exchange)) {
    if (!TOLD_ELSEWHERE.has(key)) rest[key] = exchange[key]
  }
  return rest
}

/** A request has one event, so its id names it; in the form of a UUID, which readers of CloudTrail expect. */
function eventId(requestId: string): string {
  if (requestId.length === 36 && UUID.test(requestId)) return requestId
  const hex = hash('sha256', requestId)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

function accountOf(arn: unknown): string | undefined {
  return typeof arn === 'string' ? ACCOUNT.exec(arn)?.[1] : undefined
}

const ACCOUNT = /^(?:[^:]*:){4}([^:]*)/

let second = { at: Number.NaN, text: '' }

/** ISO 8601 without a fraction; events of one second share the text. */
function wholeSeconds(now: number): string {
  const at = Math.floor(now / 1000)
  if (at !== second.at) second = { at, text: `${new Date(at * 1000).toISOString().slice(0, 19)}Z` }
  return second.text
}
