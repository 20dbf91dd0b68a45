import { fileURLToPath } from 'node:url'
import { ENVIRONMENT } from '@daypass/core/environment.ts'
import { ONCE_KINDS } from '@daypass/core/store/regional.ts'
import { Aws, RemovalPolicy } from 'aws-cdk-lib'
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, type CfnFunction, type IFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { acknowledgeNetworkRights } from './acknowledged.ts'
import { BUNDLING } from './bundling.ts'
import { addSecretsEndpoint, type DirectoryNetworkProps, networkStatements } from './directory-network.ts'
import { FUNCTIONS } from './functions.ts'
import {
  byAction,
  type FunctionGrants,
  type FunctionName,
  GRANTS,
  type InvokedName,
  OBJECT_STORE_ACTIONS,
  type SecretName,
  type TableGrant,
} from './grants.ts'

export interface ActionFunctionProps {
  readonly name: FunctionName
  readonly tableArn: string
  /** In a region with a replica: the home region's table, in which things happen once. */
  readonly homeTableArn?: string | undefined
  readonly tableName: string
  readonly secretArns: Readonly<Record<SecretName, string>>
  /** Settings besides the table, the secrets and the isolated functions, which follow from the grants. */
  readonly environment?: Readonly<Record<string, string>>
  /** The isolated functions' ARNs, for a function that may call one. */
  readonly isolatedArns?: Readonly<Partial<Record<InvokedName, string>>>
  /** Secrets of the operator that it may read, besides those of the deployment. */
  readonly readableSecretArns?: readonly string[]
  /** Where it is attached to; absent: to no network of the operator. */
  readonly network?: DirectoryNetworkProps | undefined
  /** Buckets behind the S3 gateway, as IAM patterns of names. */
  readonly objectStoreBuckets?: readonly string[]
  readonly logRetention: RetentionDays
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/**
 * One function with a role, a log group and a bundle of its own. The role holds what `GRANTS` says and the right to write to
 * this log group, nothing else: no managed policy, and no right to create log groups, which would not expire.
 */
export class ActionFunction extends Construct {
  readonly function: IFunction

  constructor(scope: Construct, id: string, props: ActionFunctionProps) {
    super(scope, id)
    const { name } = props
    const functionName = `daypass-${name}`
    const grants: FunctionGrants = GRANTS[name]
    const { description, memorySize, timeout } = FUNCTIONS[name]

    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const statements = [
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
      ...tableStatements(grants.table, props.tableArn),
      ...(props.homeTableArn ? tableStatements(onceOnly(grants.table), props.homeTableArn) : []),
      ...scanStatements(grants, props.tableArn),
      ...secretStatements(grants, props.secretArns),
      ...(props.readableSecretArns ?? []).map((arn) => allow(['secretsmanager:GetSecretValue'], [arn])),
      ...invokeStatements(grants, props.isolatedArns),
      ...objectStoreStatements(grants, props.objectStoreBuckets ?? []),
      ...(props.network ? networkStatements(functionName) : []),
    ]
    const role = new Role(this, 'Role', {
      description: `What ${functionName} may do`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { grants: new PolicyDocument({ statements }) },
    })
    if (props.network) acknowledgeNetworkRights(role)

    const made = new NodejsFunction(this, 'Function', {
      functionName,
      description,
      entry: `${ROOT}functions/${name}/handler.ts`,
      projectRoot: ROOT,
      depsLockFilePath: `${ROOT}package-lock.json`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize,
      timeout,
      role,
      logGroup,
      environment: { ...settings(grants, props), ...props.environment, ...endpointSettings(this, role, props) },
      bundling: {
        format: OutputFormat.ESM,
        target: BUNDLING.target,
        minify: BUNDLING.minify,
        mainFields: BUNDLING.mainFields,
        bundleAwsSDK: true,
        banner: BUNDLING.banner,
        esbuildArgs: {
          // The construct's own property is passed on to nobody.
          '--charset': BUNDLING.charset,
          ...Object.fromEntries(Object.entries(BUNDLING.alias).map(([module, path]) => [`--alias:${module}`, path])),
        },
      },
    })
    // A name that people can type: `sam local invoke` takes logical ids.
    const resource = made.node.defaultChild as CfnFunction
    resource.overrideLogicalId(`${id}Function`)
    if (props.network) {
      // The construct's own way looks the VPC up, and adds a managed policy.
      const { subnetIds, securityGroupIds } = props.network
      resource.vpcConfig = { subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] }
    }
    this.function = made
  }
}

const ISOLATED_SETTINGS: Readonly<Record<InvokedName, string>> = {
  'check-directory': ENVIRONMENT.checkDirectoryFunction,
  'key-rotation': ENVIRONMENT.keyRotationFunction,
  iam: ENVIRONMENT.iamFunction,
  'get-web-identity-token': ENVIRONMENT.getWebIdentityTokenFunction,
  'revoke-sessions': ENVIRONMENT.revokeSessionsFunction,
  'assume-role-with-certificate': ENVIRONMENT.assumeRoleWithCertificateFunction,
  'assume-role-with-saml': ENVIRONMENT.assumeRoleWithSamlFunction,
}

/** A function is told of the table if it may use it, of those secrets that it may read and those functions that it may call, and of no other. */
function settings(grants: FunctionGrants, props: ActionFunctionProps): Record<string, string> {
  const { tableName, secretArns, isolatedArns } = props
  const secrets = secretNames(grants).map((secret) => [ENVIRONMENT[secret], secretArns[secret]])
  const isolated = grants.invokes.map((name) => [ISOLATED_SETTINGS[name], isolatedArns?.[name]])
  const table = grants.table.length > 0 ? { [ENVIRONMENT.table]: tableName } : {}
  return { ...table, ...Object.fromEntries([...secrets, ...isolated]) }
}

/** A function in a network reads its secrets through an endpoint there; the SDK reads the variable. */
function endpointSettings(
  scope: Construct,
  role: Role,
  { network, readableSecretArns: secretArns = [] }: ActionFunctionProps,
): Record<string, string> {
  if (network?.vpcId === undefined || secretArns.length === 0) return {}
  return { AWS_ENDPOINT_URL_SECRETS_MANAGER: addSecretsEndpoint(scope, network, network.vpcId, { role, secretArns }) }
}

/**
 * `dynamodb:LeadingKeys` holds the partition keys of a request. Every action in `GRANTS` has some, so that `ForAllValues`
 * cannot be satisfied by there being none.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
function tableStatements(grants: readonly TableGrant[], tableArn: string): PolicyStatement[] {
  return byAction(grants).map(({ actions, kinds }) => {
    const prefixes = kinds.map((kind) => `${kind}#*`)
    return allow(actions, [tableArn], { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': prefixes } })
  })
}

/** The same rights, on the kinds alone whose rows are kept in the home region. */
function onceOnly(grants: readonly TableGrant[]): readonly TableGrant[] {
  return grants
    .map(({ actions, kinds }) => ({ actions, kinds: kinds.filter((kind) => ONCE_KINDS.some((once) => once === kind)) }))
    .filter(({ kinds }) => kinds.length > 0)
}

/** A scan has no leading keys to be limited by, but may be held to some attributes of each item. */
function scanStatements({ scans }: FunctionGrants, tableArn: string): PolicyStatement[] {
  if (!scans) return []
  return [
    allow(['dynamodb:Scan'], [tableArn], {
      'ForAllValues:StringEquals': { 'dynamodb:Attributes': scans },
      StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
    }),
  ]
}

function secretStatements(grants: FunctionGrants, arns: Readonly<Record<SecretName, string>>): PolicyStatement[] {
  return secretNames(grants).map((secret) => allow(grants.secrets[secret] ?? [], [arns[secret]]))
}

function invokeStatements(
  { invokes }: FunctionGrants,
  arns: ActionFunctionProps['isolatedArns'] = {},
): PolicyStatement[] {
  if (invokes.length === 0) return []
  const resources = invokes.map((name) => {
    const arn = arns[name]
    if (arn === undefined) throw new Error(`There is no isolated function to call: ${name}`)
    return arn
  })
  return [allow(['lambda:InvokeFunction'], resources)]
}

function objectStoreStatements(grants: FunctionGrants, buckets: readonly string[]): PolicyStatement[] {
  if (!grants.objectStore || buckets.length === 0) return []
  const arns = buckets.map((bucket) => `arn:${Aws.PARTITION}:s3:::${bucket}`)
  const objects = arns.map((arn) => `${arn}/*`)
  return [allow(OBJECT_STORE_ACTIONS.bucket, arns), allow(OBJECT_STORE_ACTIONS.object, objects)]
}

function secretNames({ secrets }: FunctionGrants): SecretName[] {
  return Object.keys(secrets) as SecretName[]
}

function allow(
  actions: readonly string[],
  resources: readonly string[],
  conditions?: Record<string, unknown>,
): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.ALLOW,
    actions: [...actions],
    resources: [...resources],
    ...(conditions ? { conditions } : {}),
  })
}
