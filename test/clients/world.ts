import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type FakeIssuer, startFakeIssuer } from '../support/fake-issuer.ts'
import { endLocalHosts, type LocalHostProcess, startLocalHost, temporaryFolder } from '../support/local-host.ts'

export const ROLE = 'arn:aws:iam::000000000000:role/full'
export const POWERLESS_ROLE = 'arn:aws:iam::000000000000:role/nothing'
/** May do all of S3 and trusts the user `administrator`. */
export const TRUSTING_ROLE = 'arn:aws:iam::000000000000:role/trusting'

/** Claims of a token whose time is over. */
export const expired = () => ({ iat: Math.floor(Date.now() / 1000) - 3600, exp: Math.floor(Date.now() / 1000) - 60 })

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A local host, and clients that talk to it and to nothing else. */
export interface Programs {
  readonly host: LocalHostProcess
  /** HOME and working folder of every client. */
  readonly home: string
  /** A client's program with no environment but HOME, the endpoint, a region and `env`. */
  run(program: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Outcome>
  end(): Promise<void>
}

export type Keys = Readonly<Record<'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY', string>>

/** The user `administrator` of every world, who may do all that its account allows. */
export const ADMINISTRATOR: Keys = {
  AWS_ACCESS_KEY_ID: 'AKIAADMINISTRATOR777',
  AWS_SECRET_ACCESS_KEY: 'administrator777administrator777administ',
}

export interface World extends Programs {
  readonly issuer: FakeIssuer
  /** Settings of a pod: a role and a token file, nothing else. */
  readonly webIdentity: Readonly<
    Record<'AWS_ROLE_ARN' | 'AWS_WEB_IDENTITY_TOKEN_FILE' | 'AWS_ROLE_SESSION_NAME', string>
  >
  /** A file with a token in it and, as the tools that write such files leave it, a newline behind it. */
  tokenFile(name: string, claims?: Readonly<Record<string, unknown>>): string
}

/**
 * A local host that trusts a fake issuer for two roles: `full` may do all of S3, `nothing` may do nothing. A third one is
 * the administrator's.
 */
export async function startWorld(hostEnv: Readonly<Record<string, string>> = {}): Promise<World> {
  const issuer = await startFakeIssuer()
  const name = issuer.url.replace('http://', '')
  const trust = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::000000000000:oidc-provider/${name}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [`${name}:sub`]: 'system:serviceaccount:default:app' } },
    },
  }
  const trustOfAdministrator = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::000000000000:user/administrator' },
      Action: 'sts:AssumeRole',
    },
  }
  const full = ['arn:aws:iam::aws:policy/AmazonS3FullAccess']
  const programs = await startPrograms(
    {
      id: '000000000000',
      users: [user('administrator', ADMINISTRATOR, ['arn:aws:iam::aws:policy/AdministratorAccess'])],
      openIdConnectProviders: [{ Url: issuer.url, ClientIDList: ['app'] }],
      roles: [
        { RoleName: 'full', AssumeRolePolicyDocument: trust, attachedPolicies: full },
        { RoleName: 'nothing', AssumeRolePolicyDocument: trust },
        { RoleName: 'trusting', AssumeRolePolicyDocument: trustOfAdministrator, attachedPolicies: full },
      ],
    },
    hostEnv,
  )
  const { home } = programs
  const tokenFile: World['tokenFile'] = (file, claims = {}) => {
    const path = join(home, file)
    writeFileSync(path, `${issuer.sign({ sub: 'system:serviceaccount:default:app', aud: 'app', ...claims })}\n`)
    return path
  }
  const webIdentity = {
    AWS_ROLE_ARN: ROLE,
    AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile('token'),
    AWS_ROLE_SESSION_NAME: 'pod',
  }
  const end = async () => {
    await programs.end()
    await issuer.close()
  }
  return { ...programs, issuer, webIdentity, tokenFile, end }
}

/** A user with one access key, as a bootstrap document has it. */
export function user(UserName: string, keys: Keys, attachedPolicies: readonly string[] = []): object {
  const accessKeys = [{ AccessKeyId: keys.AWS_ACCESS_KEY_ID, SecretAccessKey: keys.AWS_SECRET_ACCESS_KEY }]
  return { UserName, accessKeys, attachedPolicies }
}

/** A local host with one account, made from a bootstrap document's. */
export async function startPrograms(
  account: Readonly<Record<string, unknown>>,
  hostEnv: Readonly<Record<string, string>> = {},
): Promise<Programs> {
  const host = await startLocalHost({ env: hostEnv, bootstrap: { accounts: [account] } })
  const home = temporaryFolder()
  return {
    host,
    home,
    run: (program, args, env = {}) =>
      execute(program, args, home, {
        PATH: process.env.PATH ?? '',
        HOME: home,
        AWS_ENDPOINT_URL: host.url,
        AWS_REGION: 'us-east-1',
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_MAX_ATTEMPTS: '1',
        ...env,
      }),
    end: endLocalHosts,
  }
}

function execute(program: string, args: readonly string[], cwd: string, env: Record<string, string>): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, env, timeout: 300_000 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') return reject(new Error(`${error.message}\n${stdout}\n${stderr}`))
      resolve({ code: Number(error?.code ?? 0), stdout, stderr })
    })
  })
}
