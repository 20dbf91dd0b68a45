import type { BootstrapDocument } from '@daypass/core/bootstrap/document.ts'
import { ENVIRONMENT } from '@daypass/core/environment.ts'
import type { QuotaLimits } from '@daypass/core/quotas/mint-quota.ts'
import { CfnOutput, CustomResource, Duration, Stack, type StackProps } from 'aws-cdk-lib'
import { HttpApi, HttpMethod, type HttpStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { FunctionUrlAuthType, type IFunction, InvokeMode } from 'aws-cdk-lib/aws-lambda'
import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { DOCUMENT_PATHS, ISSUER_PATH } from '../functions/prober/documents.ts'
import { ActionFunction, type ActionFunctionProps } from './action-function.ts'
import { bootstrapText } from './bootstrap-document.ts'
import { addDomain, addMutualTls, type CustomDomain, type MutualTls } from './domains.ts'
import { FUNCTIONS } from './functions.ts'
import { type FunctionName, GRANTS } from './grants.ts'
import { type IdentityProps, type IdentitySettings, identitySettings } from './identity-settings.ts'
import { quotaSettings } from './quotas.ts'
import { addSignals } from './signals.ts'
import { addStage } from './stage.ts'
import type { State } from './state-stack.ts'
import { addUpkeep, type KeyRotation, rotationProperties } from './upkeep.ts'

/** The S3-compatible store that keeps the gateway's objects. */
export interface ObjectStore {
  /** Default: AWS's own S3. */
  readonly endpoint?: string
  /** Default: the stack's region. */
  readonly region?: string
  /** The buckets of it that the gateway may use: names, where `*` and `?` stand for any characters as in IAM. */
  readonly buckets: readonly string[]
  /**
   * Clients, by the beginning of their User-Agent (`curl/`), that are known to follow a redirect: for objects of more than one
   * answer can carry they are sent to the store, by a URL that lives for a minute. Default: none.
   */
  readonly redirectedClients?: readonly string[]
}

export interface ApiStackProps extends StackProps {
  readonly state: State
  readonly accountId: string
  readonly bootstrap: BootstrapDocument
  readonly allowPrivateAddresses: boolean
  readonly logRetention: RetentionDays
  readonly objectStore: ObjectStore | undefined
  readonly keyRotation: KeyRotation
  readonly domain: CustomDomain | undefined
  readonly mutualTls: MutualTls | undefined
  readonly alarmTopicArn: string | undefined
  readonly quotas: QuotaLimits
  readonly identity: IdentityProps
}

const FRONT_DOOR_PATHS = ['/.well-known/openid-configuration', '/.well-known/jwks.json', '/_daypass/health']

type Extras = Pick<ActionFunctionProps, 'environment' | 'isolatedArns'>

/** The endpoints: an HTTP API for STS, a Function URL for S3, a function for each action. All of it can be made anew. */
export class ApiStack extends Stack {
  readonly #props: ApiStackProps
  readonly #functions = new Map<FunctionName, IFunction>()
  readonly #identityOf: (name: FunctionName) => IdentitySettings

  constructor(scope: Construct, id: string, props: ApiStackProps) {
    const {
      state,
      accountId,
      bootstrap,
      allowPrivateAddresses,
      logRetention,
      objectStore,
      keyRotation,
      domain,
      mutualTls,
      alarmTopicArn,
      quotas: _quotas,
      identity,
      ...stackProps
    } = props
    super(scope, id, stackProps)
    this.#props = props
    this.#identityOf = identitySettings(identity, accountId)
    // The state stack may not take away what this stack uses.
    this.node.setContext('@aws-cdk/core:defaultCrossStackReferences', 'strong')

    const { httpApi, stage } = this.#httpApi()
    if (domain) addDomain(this, domain, stage)
    if (mutualTls) addMutualTls(this, mutualTls, this.#function('assume-role-with-certificate'), logRetention)
    const s3 = this.#function('s3', { environment: objectStoreSettings(objectStore) })
    const s3Url = s3.addFunctionUrl({ authType: FunctionUrlAuthType.NONE, invokeMode: InvokeMode.RESPONSE_STREAM })

    const ownUrl = domain ? `https://${domain.name}/` : stage.url
    // The home region does these for all.
    if (!state.home) this.#addHomeWork(httpApi, ownUrl)
    addSignals(this, { functions: this.#functions, tableName: state.tableName, alarmTopicArn })

    new CfnOutput(this, 'StsUrl', { description: 'STS and IAM', value: ownUrl })
    new CfnOutput(this, 'S3Url', { description: 'The S3 gateway', value: s3Url.url })
    new CfnOutput(this, 'RootKeySecretArn', {
      description: "Where the default account's root access key is kept",
      value: state.secretArns.rootKey,
    })
  }

  /** Applies the bootstrap document, rotates keys, seals anew, probes. */
  #addHomeWork(httpApi: HttpApi, ownUrl: string): void {
    const { state, accountId, bootstrap, keyRotation } = this.#props
    const prober = this.#function('prober', { environment: { [ENVIRONMENT.ownUrl]: ownUrl } })
    const proberDocuments = new HttpLambdaIntegration('ProberDocuments', prober)
    for (const path of DOCUMENT_PATHS) {
      httpApi.addRoutes({ path, methods: [HttpMethod.GET], integration: proberDocuments })
    }

    const rotate = this.#function('key-rotation')
    const permissions = addUpkeep(this, {
      ringArns: state.secretArns,
      rotate,
      reseal: this.#function('reseal-secrets'),
      prober,
    })

    const applied = new CustomResource(this, 'AppliedBootstrap', {
      resourceType: 'Custom::DaypassBootstrap',
      serviceToken: this.#function('bootstrap', { isolatedArns: { 'key-rotation': rotate.functionArn } }).functionArn,
      serviceTimeout: Duration.minutes(5),
      properties: {
        AccountId: accountId,
        Document: bootstrapText(bootstrap),
        Rotation: rotationProperties(keyRotation),
        ProberIssuer: ownUrl + ISSUER_PATH.slice(1),
      },
    })
    // Secrets Manager tries the function as soon as it is told of it.
    applied.node.addDependency(...permissions)
  }

  /** The function of that name, made when it is first asked for. */
  #function(name: FunctionName, extras: Extras = {}): IFunction {
    const made = this.#functions.get(name) ?? this.#newFunction(name, extras)
    this.#functions.set(name, made)
    return made
  }

  #newFunction(name: FunctionName, { environment, ...extras }: Extras): IFunction {
    const { state, accountId, allowPrivateAddresses, logRetention, objectStore } = this.#props
    const identity = this.#identityOf(name)
    return new ActionFunction(this, idFor(name), {
      name,
      ...tableOf(name, state),
      secretArns: state.secretArns,
      environment: {
        ...regionSettings(name, state),
        [ENVIRONMENT.accountId]: accountId,
        [ENVIRONMENT.privateAddresses]: allowPrivateAddresses ? 'allow' : 'refuse',
        ...quotaSettings(GRANTS[name], this.#props.quotas),
        ...identity.environment,
        ...environment,
      },
      readableSecretArns: identity.readableSecretArns,
      network: identity.network,
      objectStoreBuckets: objectStore?.buckets ?? [],
      logRetention,
      ...extras,
    }).function
  }

  #httpApi(): { httpApi: HttpApi; stage: HttpStage } {
    const checkDirectory = { 'check-directory': this.#function('check-directory').functionArn }
    const isolatedArns = {
      ...checkDirectory,
      iam: this.#function('iam').functionArn,
      'get-web-identity-token': this.#function('get-web-identity-token').functionArn,
      'revoke-sessions': this.#function('revoke-sessions').functionArn,
      'assume-role-with-certificate': this.#function('assume-role-with-certificate').functionArn,
      'assume-role-with-saml': this.#function('assume-role-with-saml').functionArn,
    }
    const frontDoor = new HttpLambdaIntegration('FrontDoor', this.#function('front-door', { isolatedArns }))
    const httpApi = new HttpApi(this, 'Api', {
      apiName: 'daypass',
      description: 'Daypass: STS and IAM',
      createDefaultStage: false,
      defaultIntegration: frontDoor,
    })
    for (const path of FRONT_DOOR_PATHS) httpApi.addRoutes({ path, methods: [HttpMethod.GET], integration: frontDoor })
    for (const [name, { action }] of functionEntries()) {
      if (!action) continue
      const integration = new HttpLambdaIntegration(action, this.#function(name, { isolatedArns: checkDirectory }))
      httpApi.addRoutes({ path: `/${action}`, methods: [HttpMethod.GET, HttpMethod.POST], integration })
    }

    for (const [name, { path }] of functionEntries()) {
      if (!path) continue
      const integration = new HttpLambdaIntegration(name, this.#function(name))
      httpApi.addRoutes({ path, methods: [HttpMethod.POST], integration })
    }

    const stage = addStage(
      this,
      { id: 'Stage', logId: 'AccessLog', logName: 'daypass-access' },
      httpApi,
      this.#props.logRetention,
    )
    return { httpApi, stage }
  }
}

/** The IAM API changes configuration in the home region only, where no other writer can win over it unseen. */
function tableOf(name: FunctionName, { tableArn, tableName, home }: State) {
  if (name === 'iam') return { tableName, tableArn: home?.tableArn ?? tableArn }
  return { tableName, tableArn, homeTableArn: home?.tableArn }
}

function regionSettings(name: FunctionName, { home }: State): Record<string, string> {
  if (!home || GRANTS[name].table.length === 0) return {}
  return { [name === 'iam' ? ENVIRONMENT.tableRegion : ENVIRONMENT.homeRegion]: home.region }
}

function objectStoreSettings(store: ObjectStore | undefined): Record<string, string> {
  return {
    ...(store?.endpoint ? { [ENVIRONMENT.s3Endpoint]: store.endpoint } : {}),
    ...(store?.region ? { [ENVIRONMENT.s3Region]: store.region } : {}),
    ...(store?.redirectedClients?.length
      ? { [ENVIRONMENT.s3RedirectedClients]: store.redirectedClients.join(',') }
      : {}),
  }
}

function functionEntries() {
  return Object.entries(FUNCTIONS) as [FunctionName, (typeof FUNCTIONS)[FunctionName]][]
}

/** `front-door` → `FrontDoor`. */
function idFor(name: FunctionName): string {
  return name.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase())
}
