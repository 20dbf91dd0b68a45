import { PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE } from '@daypass/core/store/dynamodb/table-definition.ts'
import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb'
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import type { SecretName } from './grants.ts'

export interface StateStackProps extends StackProps {
  /** Whether the table and the keys outlive the stack, and the stack itself is guarded against deletion. */
  readonly retain: boolean
}

const SECRETS: Readonly<Record<SecretName, string>> = {
  sessionRing: 'Daypass: the keys that seal session tokens and session secrets',
  longTermRing: 'Daypass: the keys that seal long-term secrets',
  proberKey: 'Daypass: the key that signs the tokens of the prober',
  rootKey: "Daypass: the default account's root access key, as AccessKeyId and SecretAccessKey",
}

/** All that a deployment cannot make anew: the table, both key rings and the root access key. */
export class StateStack extends Stack {
  readonly table: Table
  readonly secretArns: Readonly<Record<SecretName, string>>

  constructor(scope: Construct, id: string, { retain, ...props }: StateStackProps) {
    super(scope, id, { ...props, terminationProtection: retain })
    const removalPolicy = retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY

    this.table = new Table(this, 'Table', {
      partitionKey: { name: PARTITION_KEY, type: AttributeType.STRING },
      sortKey: { name: SORT_KEY, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: TTL_ATTRIBUTE,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: retain,
      removalPolicy,
    })

    // Without a value: the L2 construct would fill them with random text, and `bootstrap` fills those that are empty.
    const secretArn = (name: SecretName): string => {
      const secret = new CfnSecret(this, `${name.charAt(0).toUpperCase()}${name.slice(1)}`, {
        description: SECRETS[name],
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
}
