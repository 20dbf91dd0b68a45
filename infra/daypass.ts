import type { BootstrapDocument } from '@daypass/core/bootstrap/document.ts'
import type { QuotaLimits } from '@daypass/core/quotas/mint-quota.ts'
import { isAccountId } from '@daypass/core/store/entities/account.ts'
import type { App, Environment } from 'aws-cdk-lib'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { acknowledgeFindings } from './acknowledged.ts'
import { ApiStack, type ObjectStore } from './api-stack.ts'
import type { CustomDomain, MutualTls } from './domains.ts'
import type { IdentityProps } from './identity-settings.ts'
import { StateStack } from './state-stack.ts'
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
  /** Whether the table and the keys outlive the stacks. Default: yes; `false` is for trials that leave nothing behind. */
  readonly retainState?: boolean
}

/** Adds the two stacks of a deployment to an app: `DaypassState` and `DaypassApi`. */
export function addDaypass(app: App, props: DaypassProps = {}): { state: StateStack; api: ApiStack } {
  const accountId = props.accountId ?? '000000000000'
  if (!isAccountId(accountId)) {
    throw new Error('accountId must be up to 64 letters, digits, _ or -, and not the reserved name aws')
  }
  const env = props.env ? { env: props.env } : {}
  const state = new StateStack(app, 'DaypassState', {
    ...env,
    description: 'Daypass: the table, the key rings and the root access key',
    retain: props.retainState ?? true,
  })
  const api = new ApiStack(app, 'DaypassApi', {
    ...env,
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
  acknowledgeFindings(state, api, props.objectStore?.buckets ?? [])
  return { state, api }
}
