import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Made, makeAuthority, makeCertificate } from '../../support/certificate-maker.ts'
import {
  endLocalHosts,
  failToStart,
  type LocalHostProcess,
  startLocalHost,
  temporaryFolder,
} from '../../support/local-host.ts'
import { type SignedRequest, signRequest } from '../../support/sign.ts'
import { signX509 } from '../../support/sign-x509.ts'
import { ACCOUNT } from './clients.ts'

const ca = makeAuthority()
const server = makeCertificate({ by: ca, purposes: ['1.3.6.1.5.5.7.3.1'] })
const client = makeCertificate({ by: ca, subject: { CN: 'readwrite' } })
const stranger = makeCertificate({ by: makeAuthority({ subject: { CN: 'Other CA' } }) })
const ROOT = { AccessKeyId: 'root-key', SecretAccessKey: 'root-secret' }
const bootstrap = {
  accounts: [
    {
      id: ACCOUNT,
      rootAccessKey: ROOT,
      roles: [
        {
          RoleName: 'machine',
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: {
              Effect: 'Allow',
              Principal: { Federated: `arn:aws:iam::${ACCOUNT}:certificate-provider/default` },
              Action: 'sts:AssumeRoleWithCertificate',
            },
          },
        },
      ],
    },
  ],
}

let host: LocalHostProcess
beforeAll(async () => {
  const folder = temporaryFolder()
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  host = await startLocalHost({
    bootstrap,
    env: {
      DAYPASS_TLS_CERT: file('server.pem', server.pem),
      DAYPASS_TLS_KEY: file('server-key.pem', server.keyPem),
      DAYPASS_TLS_CLIENT_CA: file('ca.pem', ca.pem),
      MINIO_IDENTITY_TLS_ENABLE: 'on',
    },
  })
})
afterAll(endLocalHosts)

interface Asked {
  readonly shown?: Made
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
}

async function ask(path: string, { shown, method = 'POST', headers = {}, body }: Asked = {}) {
  const identity = shown ? { cert: shown.pem, key: shown.keyPem } : {}
  const trust = { ca: ca.pem, checkServerIdentity: () => undefined, agent: false as const }
  const request = httpsRequest(host.url + path, { method, headers, ...trust, ...identity }).end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return { status: response.statusCode, body: await text(response), type: response.headers['x-amzn-errortype'] }
}

const EXCHANGE = '/?Action=AssumeRoleWithCertificate&Version=2011-06-15'
const send = ({ path, headers, body }: SignedRequest) => ask(path, { headers, body })
const anywhere = (kind: string) => `arn:aws:rolesanywhere:eu-west-1:${ACCOUNT}:${kind}/default`
const session = (certificate: Made) =>
  signX509({
    certificate,
    now: Date.now(),
    host: new URL(host.url).host,
    body: JSON.stringify({
      roleArn: `arn:aws:iam::${ACCOUNT}:role/machine`,
      trustAnchorArn: anywhere('trust-anchor'),
      profileArn: anywhere('profile'),
    }),
  })

describe('the local host', () => {
  it('exchanges the certificate of a connection, and no other', async () => {
    expect(await ask(EXCHANGE, { shown: client })).toMatchObject({ status: 200 })
    const headers = {
      'x-client-cert': encodeURIComponent(client.pem),
      'x-forwarded-client-cert': client.der.toString('base64'),
    }
    for (const asked of [{ shown: stranger }, {}, { headers }, { shown: stranger, headers }]) {
      const { status, body } = await ask(EXCHANGE, asked)
      expect([status, body]).toEqual([400, expect.stringContaining('<Code>InvalidIdentityToken</Code>')])
    }
  })

  it('answers Roles Anywhere without a certificate of the connection', async () => {
    const { status, body } = await send(session(client))
    expect(status).toBe(201)
    expect(JSON.parse(body).credentialSet[0].assumedRoleUser.arn).toContain(':assumed-role/machine/')
    expect(await send(session(stranger))).toMatchObject({ status: 403, type: 'AccessDeniedException' })
  })

  it('serves a bucket named sessions beside it', async () => {
    const s3 = (method: string, path: string) =>
      signRequest({
        accessKeyId: ROOT.AccessKeyId,
        secretAccessKey: ROOT.SecretAccessKey,
        method,
        url: host.url + path,
        service: 's3',
        region: 'us-east-1',
        now: Date.now(),
      })
    const { headers } = s3('PUT', '/sessions')
    expect(await ask('/sessions', { method: 'PUT', headers })).toMatchObject({ status: 200 })
    const posted = await send(s3('POST', '/sessions'))
    expect([posted.type, posted.body]).toEqual([undefined, expect.stringMatching(/<Error><Code>/)])
    expect(await send(session(client))).toMatchObject({ status: 201 })
  })

  it('does not start with MinIO’s switch and no authority, in one sentence', async () => {
    const { code, stderr } = await failToStart({ env: { MINIO_IDENTITY_TLS_ENABLE: 'on' } })
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^[^\n]*IDENTITY_TLS_CA[^\n]*\.\n$/)])
  })
})
