import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signRequest } from '../support/sign.ts'

const ROOT = { AccessKeyId: 'root-of-the-test', SecretAccessKey: 'secret-of-the-test' }
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invoke-'))
  const accounts = [{ id: '000000000000', rootAccessKey: ROOT }]
  await writeFile(join(folder, 'bootstrap.json'), JSON.stringify({ accounts }))
})
afterAll(() => rm(folder, { recursive: true }))

/** What `npm run invoke` answers and says, in an environment without AWS. */
async function invoke(name: string, event: unknown = {}) {
  const file = join(folder, 'event.json')
  await writeFile(file, JSON.stringify(event))
  return run([name, file], { DAYPASS_BOOTSTRAP: join(folder, 'bootstrap.json') })
}

function run(args: readonly string[], settings: Readonly<Record<string, string>>) {
  const env = { PATH: process.env.PATH, ...settings }
  return new Promise<{ failed: boolean; stdout: string; stderr: string }>((resolve) =>
    execFile(process.execPath, ['scripts/invoke.ts', ...args], { env }, (error, stdout, stderr) =>
      resolve({ failed: error !== null, stdout, stderr }),
    ),
  )
}

function getCallerIdentity(secretAccessKey: string) {
  const { path, headers, body } = signRequest({
    accessKeyId: ROOT.AccessKeyId,
    secretAccessKey,
    service: 'sts',
    region: 'us-east-1',
    now: Date.now(),
    method: 'POST',
    url: 'https://sts.example/',
    headers: FORM,
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  })
  const http = { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' }
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers,
    requestContext: { domainName: 'sts.example', http, requestId: 'request-1', stage: '$default' },
    body: body.toString('base64'),
    isBase64Encoded: true,
  }
}

describe('npm run invoke', () => {
  it('runs a handler over a deployment in memory, with the accounts of the bootstrap document', async () => {
    const { stdout, failed } = await invoke('get-caller-identity', getCallerIdentity(ROOT.SecretAccessKey))
    expect([failed, stdout]).toEqual([false, expect.stringContaining('<Arn>arn:aws:iam::000000000000:root</Arn>')])
  })

  it('shows what the handler refuses', async () => {
    const { stdout } = await invoke('front-door', getCallerIdentity('another-secret'))
    expect(stdout).toContain('<Code>SignatureDoesNotMatch</Code>')
  })

  it.each([
    ['assume-role-with-web-identity.token.granted', '<AssumeRoleWithWebIdentityResult>'],
    ['assume-role-with-web-identity.token.ExpiredTokenException', '<Code>ExpiredTokenException</Code>'],
    ['get-caller-identity.user.granted', 'user/alice'],
    ['iam.get-user.granted', '<UserName>alice</UserName>'],
  ])('replays events/%s.json at its own time', async (name, expected) => {
    const file = fileURLToPath(new URL(`../../events/${name}.json`, import.meta.url))
    expect((await run([name.split('.')[0] ?? '', file], {})).stdout).toContain(expected)
  })

  it('shows a streamed answer', async () => {
    const { stdout } = await invoke('s3', { ...getCallerIdentity('x'), headers: {}, body: '' })
    expect(stdout).toContain('"statusCode": 405')
    expect(stdout).toContain('<Code>MethodNotAllowed</Code>')
  })

  it('names the functions there are when it is asked for another', async () => {
    const { failed, stderr } = await invoke('../scripts')
    expect([failed, stderr]).toEqual([
      true,
      expect.stringContaining('front-door, get-access-key-info, get-caller-identity'),
    ])
  })
})

describe('the events of functions that no action calls', () => {
  const events = fileURLToPath(new URL('../../events/', import.meta.url))
  it.each([
    ['prober.key-set.granted', '"statusCode": 200'],
    ['reseal-secrets.schedule.granted', '"lost": 0'],
  ])('%s is answered', async (name, answer) => {
    const { failed, stdout } = await run([name.split('.')[0] ?? '', `${events}${name}.json`], {})
    expect([failed, stdout]).toEqual([false, expect.stringContaining(answer)])
  })

  it('a rotation of a secret that is not ours is refused', async () => {
    const { failed, stderr } = await run(['key-rotation', `${events}key-rotation.another-secret.refused.json`], {})
    expect([failed, stderr]).toEqual([true, expect.stringContaining('rotates the key rings of its own deployment')])
  })
})
