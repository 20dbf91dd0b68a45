import { Aws, CfnCondition, Duration, Fn } from 'aws-cdk-lib'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnRotationSchedule } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'

/** How often each ring gets a new key, in whole days from 1 to 1,000. */
export interface KeyRotation {
  /** The keys that seal session tokens and session secrets. Default: 30 days. */
  readonly sessionRing?: Duration
  /** The keys that seal long-term secrets; the old ones stay, for backups. Default: 365 days. */
  readonly longTermRing?: Duration
}

export interface UpkeepProps {
  readonly rotation: KeyRotation
  readonly ringArns: Readonly<Record<'sessionRing' | 'longTermRing', string>>
  readonly rotate: IFunction
  readonly reseal: IFunction
  readonly prober: IFunction
}

/** No account of AWS has this number. Emulators do, and theirs know no rotation schedule. */
const EMULATED_ACCOUNT = '000000000000'

const DEFAULTS = { sessionRing: Duration.days(30), longTermRing: Duration.days(365) }

/** What happens by itself: Secrets Manager rotates both rings, each day old seals of the long-term ring are made anew, and exchanges that must fail are tried. */
export function addUpkeep(scope: Construct, { rotation, ringArns, rotate, reseal, prober }: UpkeepProps): void {
  const rotates = new CfnCondition(scope, 'Rotates', {
    expression: Fn.conditionNot(Fn.conditionEquals(Aws.ACCOUNT_ID, EMULATED_ACCOUNT)),
  })
  for (const ring of ['sessionRing', 'longTermRing'] as const) {
    const name = `${ring.charAt(0).toUpperCase()}${ring.slice(1)}`
    const permission = new CfnPermission(scope, `Rotate${name}Permission`, {
      action: 'lambda:InvokeFunction',
      functionName: rotate.functionArn,
      principal: 'secretsmanager.amazonaws.com',
      sourceArn: ringArns[ring],
    })
    const schedule = new CfnRotationSchedule(scope, `Rotate${name}`, {
      secretId: ringArns[ring],
      rotationLambdaArn: rotate.functionArn,
      rotationRules: { automaticallyAfterDays: wholeDays(rotation[ring] ?? DEFAULTS[ring]) },
      // The ring is empty when it is first deployed.
      rotateImmediatelyOnUpdate: false,
    })
    schedule.cfnOptions.condition = rotates
    schedule.addResourceDependency(permission)
  }
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
}

function wholeDays(duration: Duration): number {
  const days = duration.toDays()
  if (days < 1 || days > 1000) throw new Error('A key ring rotates every 1 to 1000 days')
  return days
}
