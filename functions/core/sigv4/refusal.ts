import { SIGNATURE_REFUSALS } from './refusals.ts'

export type SignatureRefusalReason = keyof typeof SIGNATURE_REFUSALS

/** What a message may name: times, header names, the served service. Never a key, a token or a signature. */
type RefusalFacts = Readonly<Record<string, string>>

/**
 * A signature that was refused. It carries a stable reason; `queryRefusal` and `s3Refusal` say it in the words of AWS's
 * Query services and of S3.
 */
export class SignatureRefusal extends Error {
  readonly reason: SignatureRefusalReason
  readonly facts: RefusalFacts
  readonly kind: 'header' | 'presigned'

  constructor(
    reason: SignatureRefusalReason,
    facts: RefusalFacts = {},
    kind: 'header' | 'presigned' = 'header',
    options?: ErrorOptions,
  ) {
    super(reason, options)
    this.name = 'SignatureRefusal'
    this.reason = reason
    this.facts = facts
    this.kind = kind
  }
}

/** The code and sentence that STS and IAM give for a refusal. The status belongs to the code. */
export function queryRefusal(refusal: SignatureRefusal): { code: QueryCode; message: string } {
  const { code, message } = SIGNATURE_REFUSALS[refusal.reason].query
  return { code, message: fill(message, refusal.facts) }
}

/** The code, status and sentence that S3 gives for a refusal. */
export function s3Refusal(refusal: SignatureRefusal): { code: string; status: number; message: string } {
  const row: RefusalRow = SIGNATURE_REFUSALS[refusal.reason]
  const { code, status, message } = (refusal.kind === 'presigned' && row.s3Presigned) || row.s3
  return { code, status, message: fill(message, refusal.facts) }
}

type QueryCode = 'IncompleteSignature' | 'MalformedQueryString' | 'SignatureDoesNotMatch'

interface S3Answer {
  readonly code: string
  readonly status: number
  readonly message: string
}

/** One row of the table; `s3Presigned` where S3 answers a presigned request otherwise. `{name}` is filled from the facts. */
export interface RefusalRow {
  readonly query: { readonly code: QueryCode; readonly message: string }
  readonly s3: S3Answer
  readonly s3Presigned?: S3Answer
}

function fill(message: string, facts: RefusalFacts): string {
  return message.replace(/\{(\w+)\}/g, (_, name: string) => facts[name] ?? '')
}
