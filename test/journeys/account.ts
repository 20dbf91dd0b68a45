import { IAMClient } from '@aws-sdk/client-iam'
import { S3Client } from '@aws-sdk/client-s3'
import { type Credentials, STSClient } from '@aws-sdk/client-sts'
import { endLocalHosts, startLocalHost } from '../support/local-host.ts'

export const ACCOUNT = '000000000000'

/** As the IAM and STS APIs answer them: a user's access key or a session's credentials. */
export type Keys = Partial<Pick<Credentials, 'AccessKeyId' | 'SecretAccessKey' | 'SessionToken'>>

/** The key of the user `administrator`, who may do all that the account allows. */
export const ADMINISTRATOR = {
  AccessKeyId: 'AKIAADMINISTRATOR777',
  SecretAccessKey: 'administrator777administrator777administ',
} as const

/** A local host in a process of its own, and AWS's SDK as a program would make its clients. */
export interface Account {
  readonly url: string
  iam(keys?: Keys): IAMClient
  sts(keys?: Keys): STSClient
  s3(keys: Keys): S3Client
  end(): Promise<void>
}

/** `more` are further members of the bootstrap document's account. */
export async function startAccount(more: Readonly<Record<string, unknown>> = {}): Promise<Account> {
  const administrator = {
    UserName: 'administrator',
    accessKeys: [ADMINISTRATOR],
    attachedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
  }
  const { url } = await startLocalHost({
    bootstrap: { accounts: [{ id: ACCOUNT, users: [administrator], ...more }] },
  })
  const settings = ({ AccessKeyId = '', SecretAccessKey = '', SessionToken }: Keys) => ({
    endpoint: url,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...(SessionToken === undefined ? {} : { sessionToken: SessionToken }),
    },
  })
  return {
    url,
    iam: (keys = ADMINISTRATOR) => new IAMClient(settings(keys)),
    sts: (keys = ADMINISTRATOR) => new STSClient(settings(keys)),
    s3: (keys) => new S3Client({ ...settings(keys), forcePathStyle: true }),
    end: endLocalHosts,
  }
}

interface Statement {
  readonly Effect?: 'Allow' | 'Deny'
  readonly Action: string | readonly string[]
  readonly Resource?: string | readonly string[]
  readonly Principal?: object
  readonly Condition?: object
}

/** A policy document; a statement allows unless it says otherwise, and everywhere unless it has a principal. */
export const policy = (...statements: readonly Statement[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({
      Effect: 'Allow',
      ...(statement.Principal === undefined ? { Resource: '*' } : {}),
      ...statement,
    })),
  })

/** The code of a refusal, or `ok`. */
export const outcome = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'ok',
    (error: Error) => error.name,
  )
