import type { BootstrapDocument } from '@daypass/core/bootstrap/document.ts'
import type { QuotaLimits } from '@daypass/core/quotas/mint-quota.ts'
import { isAccountId } from '@daypass/core/store/entities/account.ts'
import { type App, Aws, type Environment } from 'aws-cdk-lib'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { acknowledgeFindings } from './acknowledged.ts'
import { ApiStack, type ObjectStore } from './api-stack.ts'
import type { CustomDomain, MutualTls } from './domains.ts'
import type { IdentityProps } from './identity-settings.ts'
import { type State, StateStack } from './state-stack.ts'
import type { KeyRotation } from './upkeep.ts'

export interface DaypassProps {
  /** Where to deploy. Default: wherever the credentials of `cdk deploy` lead. */
  readonly env?: Environment
  /** The default account: `[A-Za-z0-9_-]{0,64}`; 12 digits behave as AWS, all else as Ceph. Default: `000000000000`. */
  readonly accountId?: string
  /** Accounts and what is in them, applied at each deploy that changes it. It stands in the template: put no secret in it that others may not read. */
  readonly bootstrap?: BootstrapDocument
  /** Whether an issuer may live on a private, link-local or loopback address. Default: no. */
  readonly allowPrivateAddresses?: boolean
  /** How long logs are kept. Default: three months. */
  readonly logRetention?: RetentionDays
  /** The store behind the S3 gateway. Default: none of its buckets may be used. */
  readonly objectStore?: ObjectStore
  /** OpenID sources, the decision webhook, how long sessions without a role last. Default: none of them. */
  readonly identity?: IdentityProps
  /** How often the key rings get a new key. Default: every 30 days for sessions, every 365 for long-term secrets. */
  readonly keyRotation?: KeyRotation
  /** Sessions that may be made in a minute: `perPrincipal` (default 3,000) and `perIssuer` (default 60,000). */
  readonly quotas?: QuotaLimits
  /** A name of your own for STS and IAM. Default: API Gateway's. It answers under both. */
  readonly domain?: CustomDomain
  /** A name that demands client certificates, for AssumeRoleWithCertificate. Default: none; then that action is refused. */
  readonly mutualTls?: MutualTls
  /** An SNS topic that every alarm tells. Default: alarms tell nobody, and show on the dashboard `Daypass`. */
  readonly alarmTopicArn?: string
  /** Other regions that get a copy of the table and of the secrets; chosen at the first deploy. Needs `env` with a region. Default: none. */
  readonly replicaRegions?: readonly string[]
  /** Whether the table and the keys outlive the stacks. Default: yes; `false` is for trials that leave nothing behind. */
  readonly retainState?: boolean
}

/** A deployment's endpoints in a region with a replica: what the home region's stack says of them. */
export interface ReplicaProps
  extends Omit<DaypassProps, 'bootstrap' | 'keyRotation' | 'replicaRegions' | 'retainState'> {
  readonly env: Required<Environment>
  readonly homeRegion: string
  /** The table's name, which is the same in every region. */
  readonly tableName: string
  /** The secrets' ARNs in the home region; their copies have the same names. */
  readonly secretArns: State['secretArns']
}

/** Adds the two stacks of a deployment to an app: `DaypassState` and `DaypassApi`. */
export function addDaypass(app: App, props: DaypassProps = {}): { state: StateStack; api: ApiStack } {
  const state = new StateStack(app, 'DaypassState', {
    ...(props.env ? { env: props.env } : {}),
    description: 'Daypass: the table, the key rings and the root access key',
    retain: props.retainState ?? true,
    replicaRegions: props.replicaRegions ?? [],
  })
  const api = addApi(app, props, state.state)
  acknowledgeFindings(state, api, props.objectStore?.buckets ?? [])
  return { state, api }
}

/**
 * Adds `DaypassApi` alone, for a region in which the table and the secrets have a copy. Keys rotate, bootstrap documents are
 * applied and the prober runs in the home region; the IAM API writes there, and things that may happen once happen there.
 */
export function addDaypassReplica(app: App, props: ReplicaProps): ApiStack {
  const { env, homeRegion, tableName } = props
  const tableArn = (region: string) => `arn:${Aws.PARTITION}:dynamodb:${region}:${env.account}:table/${tableName}`
  const copies = Object.entries(props.secretArns).map(([name, arn]) => [
    name,
    arn.replace(`:${homeRegion}:`, `:${env.region}:`),
  ])
  const api = addApi(app, props, {
    tableName,
    tableArn: tableArn(env.region),
    secretArns: Object.fromEntries(copies),
    home: { region: homeRegion, tableArn: tableArn(homeRegion) },
  })
  acknowledgeFindings(undefined, api, props.objectStore?.buckets ?? [])
  return api
}

function addApi(app: App, props: DaypassProps, state: State): ApiStack {
  const accountId = props.accountId ?? '000000000000'
  if (!isAccountId(accountId)) {
    throw new Error('accountId must be up to 64 letters, digits, _ or -, and not the reserved name aws')
  }
  return new ApiStack(app, 'DaypassApi', {
    ...(props.env ? { env: props.env } : {}),
    description: 'Daypass: STS and the S3 gateway',
    state,
    accountId,
    bootstrap: props.bootstrap ?? { accounts: [] },
    allowPrivateAddresses: props.allowPrivateAddresses ?? false,
    logRetention: props.logRetention ?? RetentionDays.THREE_MONTHS,
    objectStore: props.objectStore,
    keyRotation: props.keyRotation ?? {},
    domain: props.domain,
    mutualTls: props.mutualTls,
    alarmTopicArn: props.alarmTopicArn,
    quotas: props.quotas ?? {},
    identity: props.identity ?? {},
  })
}
