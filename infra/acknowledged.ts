import { type Stack, Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/** Findings of cdk-nag's AWS Solutions pack that stay, each with its reason. A test holds the stacks to no other. */
export function acknowledgeFindings(state: Stack | undefined, api: Stack, objectStoreBuckets: readonly string[]): void {
  if (state)
    Validations.of(state).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Both key rings rotate: the bootstrap function has Secrets Manager do so once they are filled. The root key is for its owner to ' +
        "replace, and the prober's key vouches for nobody who may do anything.",
    })
  Validations.of(api).acknowledge({
    id: 'AwsSolutions-APIG4',
    reason:
      'Every function proves its caller itself, by signature or token; the documents of the issuers are public by their nature.',
  })
  for (const bucket of objectStoreBuckets) {
    for (const resource of [bucket, `${bucket}/*`]) {
      Validations.of(api).acknowledge({
        id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${resource}]`,
        reason: 'The S3 gateway may use every object of the buckets that the deployment names, and no other bucket.',
      })
    }
  }
}

/**
 * The one role with rights that name no resource: that of the function which is attached to the directories' network. No other
 * may have such; the rules' tests say so.
 */
export function acknowledgeNetworkRights(role: IConstruct): void {
  for (const resource of ['*', 'arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:*/*']) {
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${resource}]`,
      reason:
        'Lambda makes the network interfaces of a function with its role, and AWS documents that this takes every resource of ' +
        "EC2 in the region, and `*` to describe them. A condition keeps these rights from the function's own code.",
    })
  }
}
