import assert from 'node:assert/strict'
import { type Agent, request } from 'node:https'
import { IAMClient } from '@aws-sdk/client-iam'
import { S3Client } from '@aws-sdk/client-s3'
import { STSClient } from '@aws-sdk/client-sts'
import type { FakeIssuer } from '../../support/fake-issuer.ts'
import { signRequest } from '../../support/sign.ts'

export interface Deployment {
  readonly stsUrl: string
  readonly s3Url: string
  readonly agent: Agent
  readonly issuer: FakeIssuer
  readonly rootKey: { readonly AccessKeyId: string; readonly SecretAccessKey: string }
}

export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export interface Answer {
  readonly status: number
  readonly body: string
}

export const VERSION = '2011-06-15'
const FORM = 'application/x-www-form-urlencoded'

/** The ways to call a deployment; each client tries once. */
export function clientsOf({ stsUrl, s3Url, agent, rootKey }: Deployment) {
  const settings = (credentials: Keys) => ({
    region: 'us-east-1',
    credentials,
    requestHandler: { httpsAgent: agent },
    maxAttempts: 1,
  })
  const send = (method: string, path: string, form?: Record<string, string>, headers: Record<string, string> = {}) =>
    call(agent, new URL(path, stsUrl), method, form ? new URLSearchParams(form).toString() : undefined, headers)
  return {
    root: { accessKeyId: rootKey.AccessKeyId, secretAccessKey: rootKey.SecretAccessKey } satisfies Keys,
    sts: (credentials: Keys) => new STSClient({ ...settings(credentials), endpoint: stsUrl }),
    iam: (credentials: Keys) => new IAMClient({ ...settings(credentials), endpoint: stsUrl }),
    s3: (credentials: Keys) => new S3Client({ ...settings(credentials), endpoint: s3Url, forcePathStyle: true }),
    /** Not signed. */
    send,
    /** An STS action, signed by hand: the SDK appends a slash to a path. */
    signed(credentials: Keys, path: string, params: Readonly<Record<string, string>>): Promise<Answer> {
      const form = { Version: VERSION, ...params }
      const url = new URL(path, stsUrl).href
      const body = new URLSearchParams(form).toString()
      const signing = { service: 'sts', region: 'us-east-1', now: Date.now(), headers: { 'content-type': FORM } }
      return send('POST', path, form, signRequest({ ...credentials, ...signing, method: 'POST', url, body }).headers)
    },
  }
}

/** The answer is a refusal with this status and code. */
export async function refused(answer: Promise<Answer>, status: number, code: string): Promise<void> {
  const { status: found, body } = await answer
  assert.match(body, new RegExp(`<Code>${code}</Code>`))
  assert.equal(found, status, body)
}

/** The SDK's call fails with this error. */
export async function rejected(attempt: Promise<unknown>, name: string): Promise<void> {
  await assert.rejects(attempt, (error: Error) => {
    assert.equal(error.name, name, error.message)
    return true
  })
}

/** The credentials that an answer's XML holds. */
export async function keysOf(answer: Promise<Answer>): Promise<Required<Keys>> {
  const { status, body } = await answer
  assert.equal(status, 200, body)
  const text = (name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(body)?.[1] ?? assert.fail(body)
  return {
    accessKeyId: text('AccessKeyId'),
    secretAccessKey: text('SecretAccessKey'),
    sessionToken: text('SessionToken'),
  }
}

function call(
  agent: Agent,
  url: URL,
  method: string,
  body: string | undefined,
  headers: Record<string, string>,
): Promise<Answer> {
  const type = body === undefined ? {} : { 'content-type': FORM }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers: { ...type, ...headers } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }))
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
