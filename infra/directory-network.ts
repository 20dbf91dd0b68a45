import { Aws, Fn } from 'aws-cdk-lib'
import { CfnSecurityGroup, CfnVPCEndpoint } from 'aws-cdk-lib/aws-ec2'
import { Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'

/** The network in which the directories are. The function `check-directory` alone is attached to it. */
export interface DirectoryNetworkProps {
  /** Private subnets of one VPC that reach the directories, at most one of each availability zone. */
  readonly subnetIds: readonly string[]
  /** What of the network the function may reach: the directories' port, DNS, and port 443 of Secrets Manager's endpoint. */
  readonly securityGroupIds: readonly string[]
  /**
   * The VPC of these subnets, to have an endpoint of Secrets Manager made in them, through which this function alone reads
   * the look-up passwords and nothing else. Default: none is made; the VPC has one, or a NAT, or look-ups are anonymous.
   */
  readonly vpcId?: string
}

const WHERE = `${Aws.PARTITION}:ec2:${Aws.REGION}:${Aws.ACCOUNT_ID}`

/**
 * What Lambda needs to attach a function to a network, with the resources that AWS asks for. Lambda does this before the
 * function runs: the condition takes the same rights from the function's code.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
export function networkStatements(functionName: string): PolicyStatement[] {
  const ownArn = `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:${functionName}`
  const lambdaItself = { ArnNotEquals: { 'lambda:SourceFunctionArn': ownArn } }
  const allow = (actions: string[], resource: string) =>
    new PolicyStatement({ effect: Effect.ALLOW, actions, resources: [resource], conditions: lambdaItself })
  return [
    allow(
      [
        'ec2:AssignPrivateIpAddresses',
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:UnassignPrivateIpAddresses',
      ],
      `arn:${WHERE}:*/*`,
    ),
    // EC2 knows no resources for these.
    allow(['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'], '*'),
  ]
}

/** Checks what would fail after minutes of deploying only. Throws an error that says what to change. */
export function checkNetwork({ subnetIds, securityGroupIds }: DirectoryNetworkProps): void {
  if (subnetIds.length === 0) throw new Error('directoryNetwork: name at least one of subnetIds')
  if (securityGroupIds.length === 0) throw new Error('directoryNetwork: name at least one of securityGroupIds')
}

/**
 * An endpoint of Secrets Manager through which one role reads these secrets, and nobody anything else. It has names of its own
 * and leaves those of the VPC alone, so that others who use Secrets Manager there do not come to it. Answers its URL.
 */
export function addSecretsEndpoint(
  scope: Construct,
  { subnetIds, securityGroupIds }: DirectoryNetworkProps,
  vpcId: string,
  reads: { readonly role: IRole; readonly secretArns: readonly string[] },
): string {
  const group = new CfnSecurityGroup(scope, 'SecretsEndpointGroup', {
    groupDescription: 'Lets check-directory of Daypass reach Secrets Manager',
    vpcId,
    securityGroupIngress: securityGroupIds.map((sourceSecurityGroupId) => ({
      description: 'HTTPS of check-directory',
      ipProtocol: 'tcp',
      fromPort: 443,
      toPort: 443,
      sourceSecurityGroupId,
    })),
  })
  const endpoint = new CfnVPCEndpoint(scope, 'SecretsEndpoint', {
    vpcEndpointType: 'Interface',
    serviceName: `com.amazonaws.${Aws.REGION}.secretsmanager`,
    vpcId,
    subnetIds: [...subnetIds],
    securityGroupIds: [group.attrGroupId],
    privateDnsEnabled: false,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: '*',
          Action: 'secretsmanager:GetSecretValue',
          Resource: [...reads.secretArns],
          Condition: { ArnEquals: { 'aws:PrincipalArn': reads.role.roleArn } },
        },
      ],
    },
  })
  // Each entry is `<zone>:<name>`; the first is of the endpoint as a whole.
  return `https://${Fn.select(1, Fn.split(':', Fn.select(0, endpoint.attrDnsEntries)))}`
}
