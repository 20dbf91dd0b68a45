import { parseEnv } from 'node:util'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, describe, expect, it } from 'vitest'
import { readSettings } from '../../../infra/local/settings.ts'
import { endLocalHosts, startLocalHost } from '../../support/local-host.ts'

/** The variables that MinIO's documentation has in its sample of /etc/default/minio, beside those that name a webhook. */
const FILE = `
# Root of the deployment.
MINIO_ROOT_USER=myminioadmin
MINIO_ROOT_PASSWORD=minio-secret-key-change-me

# Where objects are.
MINIO_VOLUMES="/mnt/drive-{1...4}/minio"
MINIO_OPTS="--console-address :9001"
#MINIO_SERVER_URL="http://minio.example.net:9000"

MINIO_ADDRESS="127.0.0.1:0"
MINIO_STS_DURATION=1h
MINIO_POLICY_PLUGIN_URL="http://127.0.0.1:8181/v1/data/httpapi/authz/allow"
MINIO_POLICY_PLUGIN_AUTH_TOKEN="Bearer of-the-webhook"
`

afterAll(endLocalHosts)

describe("MinIO's environment file", () => {
  it('is read without a change', () => {
    expect(readSettings(parseEnv(FILE))).toMatchObject({
      host: '127.0.0.1',
      port: 0,
      rootKey: { AccessKeyId: 'myminioadmin', SecretAccessKey: 'minio-secret-key-change-me' },
      stsDurationSeconds: 3600,
      decisionWebhook: { authorization: 'Bearer of-the-webhook' },
      withoutEffect: { notYet: [], never: ['MINIO_OPTS', 'MINIO_VOLUMES'] },
    })
  })

  it('starts the local host, which names in one line what has no effect', async () => {
    const env = Object.fromEntries(
      Object.entries(parseEnv(FILE)).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])),
    )
    const host = await startLocalHost({ env })
    const credentials = { accessKeyId: 'myminioadmin', secretAccessKey: 'minio-secret-key-change-me' }
    const sts = new STSClient({ endpoint: host.url, region: 'us-east-1', credentials })
    expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe('arn:aws:iam::000000000000:root')
    sts.destroy()
    await host.stop()
    const lines = host
      .stderr()
      .split('\n')
      .filter((line) => line.includes('settings-without-effect'))
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', never: ['MINIO_OPTS', 'MINIO_VOLUMES'] })
    expect(host.stderr() + host.stdout()).not.toMatch(/change-me|of-the-webhook/)
  })
})
