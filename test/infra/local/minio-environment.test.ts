import { parseEnv } from 'node:util'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSettings } from '../../../infra/local/settings.ts'
import { type FakeWebhook, saying, startFakeWebhook } from '../../core/decision-webhook/fake-webhook.ts'
import { type FakeIssuer, startFakeIssuer } from '../../support/fake-issuer.ts'
import { endLocalHosts, type LocalHostProcess, startLocalHost } from '../../support/local-host.ts'

let issuer: FakeIssuer
let opa: FakeWebhook
beforeAll(async () => {
  issuer = await startFakeIssuer()
  opa = await startFakeWebhook()
})
afterAll(async () => {
  await endLocalHosts()
  await issuer.close()
  await opa.close()
})

/** The variables that MinIO's documentation has in its sample of /etc/default/minio, with an OpenID provider and a webhook. */
const file = () => `
# Root of the deployment.
MINIO_ROOT_USER=myminioadmin
MINIO_ROOT_PASSWORD=minio-secret-key-change-me

# Where objects are.
MINIO_VOLUMES="/mnt/drive-{1...4}/minio"
MINIO_OPTS="--console-address :9001"
#MINIO_SERVER_URL="http://minio.example.net:9000"

MINIO_ADDRESS="127.0.0.1:0"
MINIO_STS_DURATION=2h
MINIO_IDENTITY_OPENID_CONFIG_URL="${issuer.url}/.well-known/openid-configuration"
MINIO_IDENTITY_OPENID_CLIENT_ID="app"
MINIO_POLICY_PLUGIN_URL="${opa.url}"
MINIO_POLICY_PLUGIN_AUTH_TOKEN="Bearer of-the-webhook"
`
const environment = () =>
  Object.fromEntries(Object.entries(parseEnv(file())).map(([name, value]) => [name, value ?? '']))
const ROOT = { accessKeyId: 'myminioadmin', secretAccessKey: 'minio-secret-key-change-me' }

describe("MinIO's environment file", () => {
  it('is read without a change', () => {
    expect(readSettings(parseEnv(file()))).toMatchObject({
      host: '127.0.0.1',
      port: 0,
      rootKey: { AccessKeyId: ROOT.accessKeyId, SecretAccessKey: ROOT.secretAccessKey },
      stsDurationSeconds: 7200,
      openIdSources: [{ name: 'default', clientId: 'app' }],
      decisionWebhook: { authorization: 'Bearer of-the-webhook' },
      withoutEffect: { notYet: [], never: ['MINIO_OPTS', 'MINIO_VOLUMES'] },
    })
  })

  describe('starts a local host', () => {
    let host: LocalHostProcess
    beforeAll(async () => {
      host = await startLocalHost({
        env: environment(),
        bootstrap: { accounts: [{ id: '000000000000', groups: [{ GroupName: 'projecta' }] }] },
      })
    })

    it('whose root is that of MinIO', async () => {
      const sts = new STSClient({ endpoint: host.url, region: 'us-east-1', credentials: ROOT })
      expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe('arn:aws:iam::000000000000:root')
      sts.destroy()
    })

    it('which names in one line what has no effect, and no secret', () => {
      const lines = host
        .stderr()
        .split('\n')
        .filter((line) => line.includes('settings-without-effect'))
      expect(lines).toHaveLength(1)
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', never: ['MINIO_OPTS', 'MINIO_VOLUMES'] })
      expect(host.stderr() + host.stdout()).not.toMatch(/change-me|of-the-webhook/)
    })

    it('where a token opens what the webhook allows to its claims', async () => {
      const now = Math.floor(Date.now() / 1000)
      const claims = { iss: issuer.url, sub: 'alice', aud: 'app', iat: now, exp: now + 600 }
      const token = issuer.sign({
        ...claims,
        policy: ['readwrite', 'diagnostics'],
        groups: ['projecta'],
        team: { lead: true },
      })
      const sts = new STSClient({ endpoint: host.url, region: 'us-east-1', credentials: ROOT })
      const wish = { WebIdentityToken: token, RoleArn: 'arn:xxx:xxx:xxx:xxxx', RoleSessionName: 'any' }
      const { Credentials } = await sts.send(new AssumeRoleWithWebIdentityCommand(wish))
      sts.destroy()
      const lasts = ((Credentials?.Expiration?.getTime() ?? 0) - Date.now()) / 1000
      expect(Math.round(lasts / 60)).toBe(120)

      const {
        AccessKeyId: accessKeyId = '',
        SecretAccessKey: secretAccessKey = '',
        SessionToken = '',
      } = Credentials ?? {}
      const credentials = { accessKeyId, secretAccessKey, sessionToken: SessionToken }
      const s3 = new S3Client({ endpoint: host.url, region: 'us-east-1', forcePathStyle: true, credentials })
      opa.answer(saying('{"result":{"allow":false}}'))
      await expect(s3.send(new CreateBucketCommand({ Bucket: 'made' }))).rejects.toMatchObject({ name: 'AccessDenied' })
      opa.answer(saying('{"result":{"allow":true}}'))
      await s3.send(new CreateBucketCommand({ Bucket: 'made' }))
      s3.destroy()
      const { headers, body } = opa.asked.at(-1) ?? expect.fail('not asked')
      expect(headers.authorization).toBe('Bearer of-the-webhook')
      expect(JSON.parse(body).input).toMatchObject({
        account: accessKeyId,
        action: 's3:CreateBucket',
        bucket: 'made',
        groups: ['projecta'],
        claims: { sub: 'alice', groups: ['projecta'], policy: 'readwrite,diagnostics', team: { lead: true } },
      })
      expect(body).not.toContain(SessionToken)
    })
  })
})
