import { Duration } from 'aws-cdk-lib'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'

/** How often each ring gets a new key, in whole days from 1 to 1,000. */
export interface KeyRotation {
  /** The keys that seal session tokens and session secrets. Default: 30 days. */
  readonly sessionRing?: Duration
  /** The keys that seal long-term secrets; the old ones stay, for backups. Default: 365 days. */
  readonly longTermRing?: Duration
}

export interface UpkeepProps {
  readonly ringArns: Readonly<Record<'sessionRing' | 'longTermRing', string>>
  readonly rotate: IFunction
  readonly reseal: IFunction
  readonly prober: IFunction
}

const DEFAULTS = { sessionRing: Duration.days(30), longTermRing: Duration.days(365) }

/**
 * What happens by itself: Secrets Manager may have both rings rotated, each day old seals of the long-term ring are made anew, and exchanges that must fail are tried.
 * Answers what must stand before Secrets Manager is told of the rotation.
 */
export function addUpkeep(
  scope: Construct,
  { ringArns, rotate, reseal, prober }: UpkeepProps,
): readonly CfnPermission[] {
  const permissions = (['sessionRing', 'longTermRing'] as const).map((ring) => {
    return new CfnPermission(scope, `Rotate${ring.charAt(0).toUpperCase()}${ring.slice(1)}Permission`, {
      action: 'lambda:InvokeFunction',
      functionName: rotate.functionArn,
      principal: 'secretsmanager.amazonaws.com',
      sourceArn: ringArns[ring],
    })
  })
  new Rule(scope, 'ResealDaily', {
    description: 'Daypass: seals long-term secrets with the newest key',
    schedule: Schedule.rate(Duration.days(1)),
    targets: [new LambdaFunction(reseal, { retryAttempts: 2 })],
  })
  new Rule(scope, 'Probe', {
    description: 'Daypass: tries exchanges that must fail',
    schedule: Schedule.rate(Duration.minutes(15)),
    targets: [new LambdaFunction(prober, { retryAttempts: 0 })],
  })
  return permissions
}

/** What the bootstrap function is told, so that it has Secrets Manager rotate the rings once they are filled. */
export function rotationProperties(rotation: KeyRotation) {
  return {
    SessionRingDays: wholeDays(rotation.sessionRing ?? DEFAULTS.sessionRing),
    LongTermRingDays: wholeDays(rotation.longTermRing ?? DEFAULTS.longTermRing),
  }
}

function wholeDays(duration: Duration): number {
  const days = duration.toDays()
  if (days < 1 || days > 1000) throw new Error('A key ring rotates every 1 to 1000 days')
  return days
}
