import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FakeIssuer, startFakeIssuer } from '../test/support/fake-issuer.ts'
import { signRequest } from '../test/support/sign.ts'
import { rawRequest } from './load.ts'
import { type MeasuredProcess, startMeasured } from './measured-process.ts'

const ROLE = 'arn:aws:iam::000000000000:role/bench'
const FORM = { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded' }

/** A user's key in the bootstrap document of `startSubject`. */
export const LONG_TERM_KEY = { accessKeyId: 'AKIABENCHBENCHBENCH1', secretAccessKey: 'bench-secret' }

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** Daypass in a process of its own with an issuer that it trusts, in a folder that goes with it. */
export interface Subject {
  readonly daypass: MeasuredProcess
  /** Always the same request to exchange one token. */
  mint(algorithm?: 'RS256' | 'ES256'): () => Buffer
  mintOnce(): Promise<Credentials>
  close(): Promise<void>
}

/** `prepare` may fill the data folder before the start. */
export async function startSubject(prepare = async (_dataFolder: string) => {}): Promise<Subject> {
  const directory = await mkdtemp(join(tmpdir(), 'daypass-bench-'))
  const issuer = await startFakeIssuer({ algorithms: ['RS256', 'ES256'] })
  const document = join(directory, 'bootstrap.json')
  const data = join(directory, 'data')
  await writeFile(document, JSON.stringify(bootstrapFor(issuer.url)))
  await prepare(data)
  const daypass = await startMeasured('daypass', {
    DAYPASS_PORT: '0',
    DAYPASS_DATA_DIR: data,
    DAYPASS_BOOTSTRAP: document,
  })
  return {
    daypass,
    mint(algorithm = 'RS256') {
      const bytes = mintRequest(issuer, algorithm)
      return () => bytes
    },
    mintOnce: () => mintOnce(daypass.port, mintRequest(issuer, 'RS256')),
    async close() {
      await Promise.all([daypass.stop(), issuer.close()])
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function bootstrapFor(issuer: string) {
  const name = issuer.replace('http://', '')
  const trust = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::000000000000:oidc-provider/${name}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [`${name}:aud`]: 'bench', [`${name}:sub`]: 'bench' } },
    },
  }
  const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = LONG_TERM_KEY
  return {
    accounts: [
      {
        id: '000000000000',
        users: [{ UserName: 'bench', accessKeys: [{ AccessKeyId, SecretAccessKey }] }],
        openIdConnectProviders: [{ Url: issuer, ClientIDList: ['bench'] }],
        roles: [
          {
            RoleName: 'bench',
            AssumeRolePolicyDocument: trust,
            attachedPolicies: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
          },
          {
            RoleName: 'chained',
            AssumeRolePolicyDocument: {
              Version: '2012-10-17',
              Statement: {
                Effect: 'Allow',
                Principal: { AWS: ['arn:aws:iam::000000000000:user/bench', ROLE] },
                Action: 'sts:AssumeRole',
              },
            },
            attachedPolicies: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
          },
        ],
      },
    ],
  }
}

function mintRequest(issuer: FakeIssuer, alg: 'RS256' | 'ES256'): Buffer {
  const form = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: ROLE,
    RoleSessionName: 'bench',
    WebIdentityToken: issuer.sign({ sub: 'bench', aud: 'bench', exp: Math.floor(Date.now() / 1000) + 86_400 }, { alg }),
  })
  return rawRequest('POST', '/', FORM, form.toString())
}

/** A request to a bare server of the size of a mint's. */
export const bareRequest = rawRequest('POST', '/', FORM, 'x'.repeat(900))

export const whoAmI = (credentials: Credentials): (() => Buffer) =>
  signed(credentials, 'Action=GetCallerIdentity&Version=2011-06-15')

/** AssumeRole of a role that trusts the user and the role of the sessions that `mintOnce` gives. */
export const assume = (credentials: Credentials): (() => Buffer) =>
  signed(
    credentials,
    'Action=AssumeRole&Version=2011-06-15&RoleSessionName=bench&RoleArn=arn%3Aaws%3Aiam%3A%3A000000000000%3Arole%2Fchained',
  )

/** Signed anew for each second, as a client that sends many requests would. */
function signed(credentials: Credentials, body: string): () => Buffer {
  let second = 0
  let bytes: Buffer = Buffer.alloc(0)
  return () => {
    const now = Date.now()
    if (Math.floor(now / 1000) !== second) {
      second = Math.floor(now / 1000)
      const { headers } = signRequest({
        ...credentials,
        method: 'POST',
        url: 'http://localhost/',
        headers: FORM,
        body,
        service: 'sts',
        region: 'us-east-1',
        now,
      })
      bytes = rawRequest('POST', '/', headers, body)
    }
    return bytes
  }
}

async function mintOnce(port: number, request: Buffer): Promise<Credentials> {
  const text = request.toString()
  const answer = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { 'content-type': FORM['content-type'] },
    body: text.slice(text.indexOf('\r\n\r\n') + 4),
  })
  const xml = await answer.text()
  const member = (name: string) => new RegExp(`<${name}>([^<]+)<`).exec(xml)?.[1] ?? ''
  return {
    accessKeyId: member('AccessKeyId'),
    secretAccessKey: member('SecretAccessKey'),
    sessionToken: member('SessionToken'),
  }
}
