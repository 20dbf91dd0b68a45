import { type Stack, Validations } from 'aws-cdk-lib'

/** Findings of cdk-nag's AWS Solutions pack that stay, each with its reason. A test holds the stacks to no other. */
export function acknowledgeFindings(state: Stack | undefined, api: Stack, objectStoreBuckets: readonly string[]): void {
  if (state)
    Validations.of(state).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Both key rings rotate: the schedules stand in the API stack, beside their function. The root key is for its owner to ' +
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
