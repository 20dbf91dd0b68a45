import { Duration } from 'aws-cdk-lib'
import type { FunctionName } from './grants.ts'

export interface FunctionShape {
  /** What an operator reads in the console. */
  readonly description: string
  /** The STS action that this function alone answers on `/<Action>`; absent for the others. */
  readonly action?: string
  /** In MiB; the share of a CPU grows with it, and signatures and key parsing are CPU work. */
  readonly memorySize: number
  readonly timeout: Duration
}

/** An issuer may take 5 s for its discovery document and 5 s for its keys; the HTTP API gives up after 30 s. */
const AN_EXCHANGE = Duration.seconds(20)

/** Every function of the deployment; each lives in the folder `functions/<name>`. */
export const FUNCTIONS: Readonly<Record<FunctionName, FunctionShape>> = {
  'assume-role-with-web-identity': {
    description: 'STS AssumeRoleWithWebIdentity: exchanges an OpenID token for temporary credentials',
    action: 'AssumeRoleWithWebIdentity',
    memorySize: 512,
    timeout: AN_EXCHANGE,
  },
  'get-caller-identity': {
    description: 'STS GetCallerIdentity: tells whose credentials signed the request',
    action: 'GetCallerIdentity',
    memorySize: 512,
    timeout: Duration.seconds(10),
  },
  'front-door': {
    description: 'STS on POST / and GET /: finds the action in the raw request and runs it',
    memorySize: 1024,
    timeout: AN_EXCHANGE,
  },
  iam: {
    description: 'The IAM API; reached through the front door alone',
    memorySize: 512,
    timeout: Duration.seconds(15),
  },
  s3: {
    description: 'S3 gateway: verifies and authorizes S3 requests and streams objects',
    memorySize: 1024,
    timeout: Duration.minutes(15),
  },
  bootstrap: {
    description: 'Applies the bootstrap document at deploy: key rings, root access key, accounts and their entities',
    memorySize: 512,
    timeout: Duration.minutes(4),
  },
}
