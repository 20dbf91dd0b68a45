import { DescribeSecretCommand, RotateSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'

/** How often a secret gets a new version, and who makes it. */
export interface RotationPlan {
  readonly secretArn: string
  readonly functionArn: string
  /** 1 … 1,000 */
  readonly days: number
}

/**
 * Has Secrets Manager rotate the secret by the plan, from the next time that it is due; a secret that is rotated so already is
 * left alone, and its next time with it. This stands in the place of CloudFormation's rotation schedule, because the ring gets
 * its first value only when the stack is there.
 */
export async function ensureRotation(client: SecretsManagerClient, plan: RotationPlan): Promise<void> {
  const { secretArn: SecretId, functionArn, days } = plan
  const { RotationEnabled, RotationLambdaARN, RotationRules } = await client.send(
    new DescribeSecretCommand({ SecretId }),
  )
  if (RotationEnabled && RotationLambdaARN === functionArn && RotationRules?.AutomaticallyAfterDays === days) return
  await client.send(
    new RotateSecretCommand({
      SecretId,
      RotationLambdaARN: functionArn,
      RotationRules: { AutomaticallyAfterDays: days },
      RotateImmediately: false,
    }),
  )
}

/** The plans of both rings as the stack hands them over. Throws for days that are no number from 1 to 1,000. */
export function parseRotation(
  { SessionRingDays, LongTermRingDays }: Readonly<Record<string, unknown>>,
  arns: { readonly sessionRing: string; readonly longTermRing: string; readonly keyRotationFunction: string },
): readonly RotationPlan[] {
  const plan = (secretArn: string, days: unknown): RotationPlan => {
    // CloudFormation hands numbers over as text.
    const number = Number(days)
    if (!Number.isInteger(number) || number < 1 || number > 1000)
      throw new Error('A key ring rotates every 1 to 1000 days')
    return { secretArn, functionArn: arns.keyRotationFunction, days: number }
  }
  return [plan(arns.sessionRing, SessionRingDays), plan(arns.longTermRing, LongTermRingDays)]
}
