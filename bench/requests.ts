import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startFakeIssuer } from '../test/support/fake-issuer.ts'
import { signRequest } from '../test/support/sign.ts'
import { type LoadResult, load, rawRequest } from './load.ts'
import { type MeasuredProcess, startMeasured } from './measured-process.ts'

const ROLE = 'arn:aws:iam::000000000000:role/bench'
const KEY = { accessKeyId: 'AKIABENCHBENCHBENCH1', secretAccessKey: 'bench-secret' }
const FORM = { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded' }

interface Row {
  readonly what: string
  readonly connections: number
  readonly result: LoadResult
  /** Microseconds of the server's CPU for each request. */
  readonly cpu: number
}

/** Throughput, latency and CPU of each request kind beside a bare Node.js server in the same run. */
export async function benchRequests(seconds: number): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'daypass-bench-'))
  const issuer = await startFakeIssuer({ algorithms: ['RS256', 'ES256'] })
  const document = join(directory, 'bootstrap.json')
  await writeFile(document, JSON.stringify(bootstrapFor(issuer.url)))
  const bare = await startMeasured('bare')
  const daypass = await startMeasured('daypass', {
    DAYPASS_PORT: '0',
    DAYPASS_DATA_DIR: join(directory, 'data'),
    DAYPASS_BOOTSTRAP: document,
  })
  try {
    const rows: Row[] = []
    const measure = async (what: string, server: MeasuredProcess, connections: number, next: () => Buffer) => {
      await load(server.port, connections, Math.min(2, seconds), next) // warm-up: the compiler's work is not the request's
      const before = await server.usage()
      const result = await load(server.port, connections, seconds, next)
      const cpu = ((await server.usage()).cpu - before.cpu) / result.requests
      rows.push({ what, connections, result, cpu })
      console.error(`  ${what}, ${connections} connection${connections === 1 ? '' : 's'}: done`)
    }
    const mint = (alg: 'RS256' | 'ES256') => {
      const bytes = mintRequest(issuer.sign({ sub: 'bench', aud: 'bench' }, { alg }))
      return () => bytes
    }
    const bareBody = rawRequest('POST', '/', FORM, 'x'.repeat(900))
    await measure('bare Node.js server', bare, 8, () => bareBody)
    await measure('AssumeRoleWithWebIdentity RS256', daypass, 8, mint('RS256'))
    await measure('AssumeRoleWithWebIdentity RS256', daypass, 1, mint('RS256'))
    await measure('AssumeRoleWithWebIdentity ES256', daypass, 8, mint('ES256'))
    await measure('GetCallerIdentity, long-term key', daypass, 8, whoAmI(KEY))
    const session = await mintOnce(daypass.port, issuer.sign({ sub: 'bench', aud: 'bench' }))
    await measure('GetCallerIdentity, session', daypass, 8, whoAmI(session))
    print(rows, (await daypass.usage()).rss)
  } finally {
    await Promise.all([bare.stop(), daypass.stop(), issuer.close()])
    await rm(directory, { recursive: true, force: true })
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
  return {
    accounts: [
      {
        id: '000000000000',
        users: [
          { UserName: 'bench', accessKeys: [{ AccessKeyId: KEY.accessKeyId, SecretAccessKey: KEY.secretAccessKey }] },
        ],
        openIdConnectProviders: [{ Url: issuer, ClientIDList: ['bench'] }],
        roles: [
          {
            RoleName: 'bench',
            AssumeRolePolicyDocument: trust,
            attachedPolicies: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
          },
        ],
      },
    ],
  }
}

function mintRequest(token: string): Buffer {
  const form = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: ROLE,
    RoleSessionName: 'bench',
    WebIdentityToken: token,
  })
  return rawRequest('POST', '/', FORM, form.toString())
}

/** Signed anew for each second, as a client that sends many requests would. */
function whoAmI(credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }): () => Buffer {
  const body = 'Action=GetCallerIdentity&Version=2011-06-15'
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

async function mintOnce(port: number, token: string) {
  const bytes = mintRequest(token).toString()
  const answer = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { 'content-type': FORM['content-type'] },
    body: bytes.slice(bytes.indexOf('\r\n\r\n') + 4),
  })
  const xml = await answer.text()
  const member = (name: string) => new RegExp(`<${name}>([^<]+)<`).exec(xml)?.[1] ?? ''
  return {
    accessKeyId: member('AccessKeyId'),
    secretAccessKey: member('SecretAccessKey'),
    sessionToken: member('SessionToken'),
  }
}

function print(rows: readonly Row[], rss: number): void {
  const bareCpu = rows[0]?.cpu ?? Number.NaN
  console.table(
    rows.map(({ what, connections, result, cpu }) => ({
      request: what,
      connections,
      'per second': Math.round(result.perSecond),
      'p50 ms': Number(result.p50.toFixed(2)),
      'p99 ms': Number(result.p99.toFixed(2)),
      'CPU µs': Number(cpu.toFixed(1)),
      '× bare': Number((cpu / bareCpu).toFixed(1)),
    })),
  )
  console.log(`resident memory of the server at the end: ${Math.round(rss / 1024 / 1024)} MiB`)
}
