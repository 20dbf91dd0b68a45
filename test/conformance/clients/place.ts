import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import type { KeyPair } from '../../infra/local/clients.ts'
import { temporaryFolder } from '../../support/local-host.ts'
import { signRequest } from '../../support/sign.ts'
import type { Secrets } from '../shared/secrets.ts'
import { roleArn, UPLOADER } from './trust.ts'

/** A host that clients are pointed at, and what they bring. */
export interface Place {
  readonly url: string
  /** Path of the PEM file of the authority that the host's certificate is of; absent: no TLS. */
  readonly authority?: string
  readonly secrets: Secrets
  /** Paths of files with a token each: alice's, one of hers that has expired, one of another issuer's key. */
  readonly tokens: { readonly alice: string; readonly expired: string; readonly forged: string }
}

/** Sizes on both sides of what clients send in one piece. */
const SIZES = { small: 1 << 10, large: 20 << 20 }

/** A folder with files of random bytes to send: their content by name. */
export function makeFiles(): { readonly folder: string; readonly contents: ReadonlyMap<string, Buffer> } {
  const folder = join(temporaryFolder(), 'files')
  mkdirSync(folder)
  const contents = new Map(Object.entries(SIZES).map(([name, size]) => [`${name} käy+${size}`, randomBytes(size)]))
  for (const [name, bytes] of contents) writeFileSync(join(folder, name), bytes)
  return { folder, contents }
}

/** Ready credentials of the role `files`, as its user mints them. */
export async function mintSession({ url, secrets }: Place): Promise<Required<KeyPair>> {
  const credentials = { accessKeyId: UPLOADER.AccessKeyId, secretAccessKey: UPLOADER.SecretAccessKey }
  const sts = new STSClient({ endpoint: url, region: 'us-east-1', credentials })
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn('files'), RoleSessionName: 'ready', DurationSeconds: 900 }),
  )
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {}
  return { AccessKeyId, SecretAccessKey: secrets.keep(SecretAccessKey), SessionToken: secrets.keep(SessionToken) }
}

/** Ends a session by its own right; throws when that is refused. */
export async function revokeSession({ url }: Place, key: Required<KeyPair>): Promise<void> {
  const { method, headers, body } = signRequest({
    method: 'POST',
    url: `${url}/`,
    service: 'sts',
    region: 'us-east-1',
    accessKeyId: key.AccessKeyId,
    secretAccessKey: key.SecretAccessKey,
    sessionToken: key.SessionToken,
    now: Date.now(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'Action=RevokeSessions&Version=2011-06-15',
  })
  const answer = await fetch(url, { method, headers, body: body.toString() })
  if (!answer.ok) throw new Error(`RevokeSessions was refused: ${await answer.text()}`)
}

/** The variables that every AWS client reads ready credentials from. */
export const variablesOf = ({ AccessKeyId, SecretAccessKey, SessionToken }: KeyPair) => ({
  AWS_ACCESS_KEY_ID: AccessKeyId,
  AWS_SECRET_ACCESS_KEY: SecretAccessKey,
  ...(SessionToken === undefined ? {} : { AWS_SESSION_TOKEN: SessionToken }),
})
