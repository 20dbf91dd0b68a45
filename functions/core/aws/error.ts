import type { Answer } from './transport.ts'

/** A service's refusal. Its message may quote what was sent, so it is not kept. */
export class AwsError extends Error {
  readonly status: number
  readonly requestId: string
  /** The members of the answer's document; empty when it is no JSON object. */
  readonly members: Readonly<Record<string, unknown>>

  constructor(name: string, { status, headers }: Answer, members: Readonly<Record<string, unknown>>) {
    super(`AWS answered ${name}`)
    this.name = name
    this.status = status
    this.requestId = String(headers['x-amzn-requestid'] ?? '')
    this.members = members
  }
}

/** The error's name stands in a header or in the document, after a namespace or before an address (AWS JSON protocol, Smithy). */
export function awsErrorOf(answer: Answer): AwsError {
  const members = membersOf(answer.body)
  const stated = answer.headers['x-amzn-errortype'] ?? members.__type ?? members.code
  const name = typeof stated === 'string' ? /(?:^|#)([\w.-]+)(?::.*)?$/.exec(stated)?.[1] : undefined
  return new AwsError(name ?? 'UnknownError', answer, members)
}

function membersOf(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const document: unknown = JSON.parse(body.toString('utf8'))
    return typeof document === 'object' && document !== null ? { ...document } : {}
  } catch {
    return {}
  }
}
