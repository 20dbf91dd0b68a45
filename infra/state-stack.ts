import { PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE } from '@daypass/core/store/dynamodb/table-definition.ts'
import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { AttributeType, Billing, BillingMode, Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import type { SecretName } from './grants.ts'

export interface StateStackProps extends StackProps {
  /** Whether the table and the keys outlive the stack, and the stack itself is guarded against deletion. */
  readonly retain: boolean
  /** Other regions that get a replica of the table and of the secrets. */
  readonly replicaRegions: readonly string[]
}

/** What the endpoints of a region stand on. */
export interface State {
  readonly tableArn: string
  readonly tableName: string
  readonly secretArns: Readonly<Record<SecretName, string>>
  /** In a region with a replica: where the table is in which things happen once. */
  readonly home?: { readonly region: string; readonly tableArn: string }
}

const SECRETS: Readonly<Record<SecretName, string>> = {
  sessionRing: 'Daypass: the keys that seal session tokens and session secrets',
  longTermRing: 'Daypass: the keys that seal long-term secrets',
  proberKey: 'Daypass: the key that signs the tokens of the prober',
  rootKey: "Daypass: the default account's root access key, as AccessKeyId and SecretAccessKey",
}

/** All that a deployment cannot make anew: the table, both key rings and the root access key. */
export class StateStack extends Stack {
  readonly table: Table | TableV2
  readonly secretArns: Readonly<Record<SecretName, string>>

  constructor(scope: Construct, id: string, { retain, replicaRegions, ...props }: StateStackProps) {
    super(scope, id, { ...props, terminationProtection: retain })
    const removalPolicy = retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY

    this.table = replicaRegions.length > 0 ? this.#globalTable(retain, replicaRegions) : this.#table(retain)

    // Without a value: the L2 construct would fill them with random text, and `bootstrap` fills those that are empty.
    const secretArn = (name: SecretName): string => {
      const secret = new CfnSecret(this, `${name.charAt(0).toUpperCase()}${name.slice(1)}`, {
        description: SECRETS[name],
        ...(replicaRegions.length > 0 ? { replicaRegions: replicaRegions.map((region) => ({ region })) } : {}),
      })
      secret.applyRemovalPolicy(removalPolicy)
      return secret.ref
    }
    this.secretArns = {
      sessionRing: secretArn('sessionRing'),
      longTermRing: secretArn('longTermRing'),
      rootKey: secretArn('rootKey'),
      proberKey: secretArn('proberKey'),
    }
  }

  /** What the endpoints are told that stand on this stack. */
  get state(): State {
    return { tableArn: this.table.tableArn, tableName: this.table.tableName, secretArns: this.secretArns }
  }

  #table(retain: boolean): Table {
    return new Table(this, 'Table', {
      ...KEYS,
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: retain,
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    })
  }

  /** Another kind of resource, which CloudFormation cannot make of the first: replicas are chosen at the first deploy. */
  #globalTable(retain: boolean, replicaRegions: readonly string[]): TableV2 {
    return new TableV2(this, 'GlobalTable', {
      ...KEYS,
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: retain,
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      replicas: replicaRegions.map((region) => ({ region })),
    })
  }
}

const KEYS = {
  partitionKey: { name: PARTITION_KEY, type: AttributeType.STRING },
  sortKey: { name: SORT_KEY, type: AttributeType.STRING },
  timeToLiveAttribute: TTL_ATTRIBUTE,
}
